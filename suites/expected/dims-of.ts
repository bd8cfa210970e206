import { ownAxesThat, sizingAxes, tiesOf, withComputedAxes } from '../../spec/operator/axes.js';
import { axesOf, commonAxes, declaredAxes, flatAxesOf, layoutForm, ownAxes } from '../../spec/operator/facts.js';
import { inAxisOrder } from '../../spec/operator/layout.js';
import type { Tensor, Tensors } from '../../spec/tensor/tensor.js';
import type { Dims, Layout, Operator, Options } from '../../spec/types/documents.js';
import { UsageError } from '../lib/usage-error.js';

/** Brings a tensor's axes into the order of layout bhld. */
export function inDocumentOrder(operator: Operator, name: string, t: Tensor, layout: Layout): Tensor {
  return inAxisOrder(layoutForm(flatAxesOf(axesOf(operator, name) ?? [])), t, layout);
}

/** Sizes of axes by the tensors; 1 without one. @throws {UsageError} for contradicting shapes. */
export function dimsOf(operator: Operator, tensors: Tensors, layout: Layout, options: Options): Dims {
  const sizes = new Map<string, { readonly size: number; readonly of: string }>();
  const note = (axis: string, size: number, of: string) => {
    const known = sizes.get(axis);
    if (known && known.size !== size)
      throw new UsageError(`${of}: axis ${axis} is ${size} here, but ${known.size} in ${known.of}; ${operator.name} needs one size`);
    sizes.set(axis, known ?? { size, of });
  };
  for (const [name, declared] of axesOfAll(operator)) {
    if (!tensors[name] || name === 'bias') continue;
    const { shape } = inDocumentOrder(operator, name, tensors[name], layout);
    const flat = flatAxesOf(declared);
    if (shape.length !== flat.length)
      throw new UsageError(
        `${name} is [${tensors[name].shape}], must have the axes [${flat.join(', ')}] of operator ${operator.name} in layout ${layout}`,
      );
    for (const [at, axis] of flat.entries()) note(axis, shape[at], name);
  }
  const sizeOf = (axis: string) => sizes.get(axis)?.size;
  const [heads, keyHeads] = [sizeOf('h'), sizeOf('hk')];
  if (heads !== undefined && keyHeads !== undefined && heads % keyHeads !== 0)
    throw new UsageError(`${heads} query heads are not a multiple of the ${keyHeads} key heads`);
  const dims: Record<string, number> = {};
  for (const axis of [...commonAxes, ...ownAxes(operator)]) dims[axis] = sizeOf(axis) ?? 1;
  if (heads !== undefined) {
    // without key heads, each query head has one
    dims.hk = keyHeads ?? heads;
    dims.g = heads / dims.hk;
  }
  // ties set the sizes of axes without a tensor
  for (const [x, y] of tiesOf(operator)) {
    if (sizeOf(y) === undefined) dims[y] = dims[x];
    else if (sizeOf(x) === undefined) dims[x] = dims[y];
  }
  if (sizeOf('m') === undefined) dims.m = dims.n;
  for (const axis of sizingAxes(operator))
    if (sizeOf(axis) === undefined) dims[axis] = solved(operator, dims as Dims, axis, options, sizeOf);
  return withComputedAxes(operator, dims as Dims, options);
}

function axesOfAll(operator: Operator): [string, readonly string[]][] {
  const outputs = Object.entries(operator.outputs);
  return [...Object.entries(declaredAxes(operator)), ...outputs, ...outputs.map(([name, axes]): [string, string[]] => [`d${name}`, axes])];
}

const mostSize = 4096;

/** Size for which computed axes match the tensors; unchanged if there is no match. */
function solved(operator: Operator, dims: Dims, axis: string, options: Options, sizeOf: (axis: string) => number | undefined): number {
  const computed = ownAxesThat(operator, 'size').filter((name) => sizeOf(name) !== undefined);
  for (let size = 1; size <= mostSize; size++) {
    const sizes = withComputedAxes(operator, { ...dims, [axis]: size }, options);
    if (computed.every((name) => sizes[name] === sizeOf(name))) return size;
  }
  return dims[axis];
}
