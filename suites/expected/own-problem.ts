import { validateCase } from '../../generators/validate.js';
import { decoded } from '../../generators/values/stored-input.js';
import { masksOf } from '../../generators/whole/mask-form.js';
import { type Dialect, fullDialect } from '../../spec/dialect.js';
import { nearestNames } from '../../spec/lib/nearest.js';
import type { CompiledMask } from '../../spec/mask/compile/compiled-mask.js';
import { maskFromDense } from '../../spec/mask/views/from-dense.js';
import { headsOfMask } from '../../spec/mask/views/heads.js';
import { resolveNumeric } from '../../spec/numeric/profile.js';
import { outsideDomain } from '../../spec/operator/domain.js';
import { axesOf, flatAxesOf, inputsOf, optionalNames, requiredInputs } from '../../spec/operator/facts.js';
import { shapeOfAxes } from '../../spec/operator/layout.js';
import type { Problem } from '../../spec/problem.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import { type DType, isFloat } from '../../spec/tensor/dtype.js';
import { contiguousData, sizeOf, type Tensor, type Tensors } from '../../spec/tensor/tensor.js';
import type { Float64Tensor } from '../../spec/tensor/tensor-rows.js';
import type { Capabilities, Case, Dims, Layout, Mask, Operator, Options, Packed } from '../../spec/types/documents.js';
import { UsageError } from '../lib/usage-error.js';
import { dimsOf, inDocumentOrder } from './dims-of.js';

/** User's tensors to judge. */
export interface OwnProblem {
  readonly library: SpecLibrary;
  readonly operator: Operator;
  /** Inputs and cotangents (`do`, …) by name; `mask`; `cu_q`, `cu_k`; `q_scale`, … of fp8. */
  readonly tensors: Tensors;
  readonly layout: Layout;
  readonly mask: Mask;
  /** Numeric options. Tensor options are set if their tensor is given. */
  readonly options: Readonly<Record<string, number>>;
  readonly dialect: Dialect;
  readonly numeric: Capabilities['numeric'];
}

const others = ['mask', 'cu_q', 'cu_k'];

/** Key head of a batch entry. */
export interface KeyHead {
  readonly b: number;
  readonly hk: number;
}

/** Case of a user's tensors, by their shapes. @throws {UsageError | DocumentError} */
export function caseOfTensors(own: OwnProblem): Case {
  const { library, operator, tensors, layout } = own;
  checkNames(operator, Object.keys(tensors));
  const options: Record<string, boolean | number> = { ...own.options };
  for (const name of optionalNames(operator)) if (tensors[name] && name in inputsOf(operator)) options[name] = true;
  const packed = packedOf(tensors, layout);
  const c = {
    operator: operator.name,
    dims: dimsOf(operator, tensors, layout, options as Options),
    mask: own.mask,
    options,
    dtype: dtypeOf(operator, tensors),
    layout,
    ...(Object.keys(own.dialect).length > 0 && { dialect: own.dialect }),
    ...(packed && { packed }),
    values: { distribution: 'normal', seed: 1 },
  } as Case;
  validateCase(library, c, 'the tensors and options');
  return c;
}

/** Names of the cotangents among the tensors. */
export function cotangentsIn({ operator, tensors }: OwnProblem): string[] {
  return cotangentsOf(operator).filter((name) => tensors[name]);
}

const cotangentsOf = (operator: Operator) => Object.keys(operator.outputs).map((output) => `d${output}`);

/**
 * Problem of a user's tensors, whole or of one key head with its query heads, in layout bhld.
 * @param gradients adds cotangents; absent ones are 0. @throws {UsageError | DocumentError}
 */
export function problemOfTensors(own: OwnProblem, whole: Case, gradients: boolean, head?: KeyHead): Problem {
  const { library, operator, tensors } = own;
  const c = head ? caseOfHead(whole) : whole;
  const read = (name: string) => readInput(own, name, whole.dims, head && ((t, axes) => partOf(t, axes, whole, head)));
  const named = Object.keys(inputsOf(operator)).filter((name) => tensors[name]);
  const cotangents = gradients ? cotangentsOf(operator) : [];
  return {
    case: c,
    operator,
    inputs: {
      ...Object.fromEntries(named.map((name) => [name, read(name)])),
      ...Object.fromEntries(cotangents.map((name) => [name, tensors[name] ? read(name) : zeros(operator, name, c.dims)])),
    },
    mask: maskOfTensors(library, whole, tensors, head),
    dialect: fullDialect(c.dialect),
    numeric: resolveNumeric(c.dtype, own.numeric),
  };
}

/** Case of one key head: the only one of a batch of 1. */
function caseOfHead(c: Case): Case {
  return { ...c, layout: 'bhld', dims: { ...c.dims, b: 1, hk: 1 } };
}

/** Query heads of a key head. */
export function queryHeadsOf({ dims: { hk: keyHeads, g }, dialect }: Pick<Case, 'dims' | 'dialect'>, { hk }: KeyHead): number[] {
  return Array.from({ length: g }, (_, x) => (dialect?.heads === 'tiled' ? hk + x * keyHeads : hk * g + x));
}

/** A tensor's part of a key head, in layout bhld, with its axes. @param heads query heads to take */
export function tensorOfHead(
  { operator, tensors, layout }: Pick<OwnProblem, 'operator' | 'tensors' | 'layout'>,
  name: string,
  c: Case,
  head: KeyHead,
  heads?: readonly number[],
): { readonly tensor: Tensor; readonly axes: readonly string[] } {
  const axes = flatAxesOf(axesOf(operator, name) ?? []);
  return { tensor: partOf(inDocumentOrder(operator, name, tensors[name], layout), axes, c, head, heads as number[] | undefined), axes };
}

/** View of a key head's part of a tensor in layout bhld. Axes of size 1 are broadcast. */
function partOf(t: Tensor, axes: readonly string[], c: Case, head: KeyHead, heads = queryHeadsOf(c, head)): Tensor {
  const chosen: Readonly<Record<string, readonly number[]>> = { b: [head.b], hk: [head.hk], h: heads };
  const [shape, strides] = [[...t.shape], [...t.strides]];
  let { offset } = t;
  for (const [at, axis] of axes.entries()) {
    const indices = chosen[axis];
    if (!indices || shape[at] === 1) continue;
    offset += indices[0] * strides[at];
    if (indices.length > 1) strides[at] *= indices[1] - indices[0];
    shape[at] = indices.length;
  }
  return { ...t, shape, strides, offset };
}

function checkNames(operator: Operator, names: readonly string[]): void {
  const inputs = Object.keys(inputsOf(operator));
  const outputs = Object.keys(operator.outputs);
  const known = [
    ...inputs,
    ...outputs,
    ...cotangentsOf(operator),
    ...inputs.map((name) => `d${name}`),
    ...inputs.map((name) => `${name}_scale`),
    ...others,
  ];
  for (const name of names)
    if (!known.includes(name))
      throw new UsageError(`tensor ${name}: ${operator.name} has no tensor of this name; ${nearestNames(name, known)}`);
  const missing = requiredInputs(operator).filter((name) => !names.includes(name));
  if (missing.length > 0)
    throw new UsageError(`${operator.name} needs ${requiredInputs(operator).join(', ')}; missing: ${missing.join(', ')}`);
}

function dtypeOf(operator: Operator, tensors: Tensors): DType {
  const plain = Object.entries(inputsOf(operator)).find(
    ([name, { kind, stored }]) => tensors[name] && kind === 'number' && stored === undefined && isFloat(tensors[name].dtype),
  );
  return (plain && (tensors[plain[0]].dtype as DType)) ?? 'f32';
}

function packedOf(tensors: Tensors, layout: Layout): Packed | undefined {
  const [q, k] = [tensors.cu_q, tensors.cu_k];
  if (layout === 'thd' && !(q && k))
    throw new UsageError('layout thd needs cu_q and cu_k, int32 [documents + 1], where the documents begin');
  if (layout !== 'thd' && (q || k)) throw new UsageError('cu_q and cu_k belong to layout thd; add --layout thd');
  if (!q || !k) return undefined;
  const lengths = (name: string, t: Tensor) => {
    const ends = [...contiguousData(t)];
    if (ends[0] !== 0 || ends.some((end, at) => at > 0 && end < ends[at - 1]))
      throw new UsageError(
        `${name} is ${ends.slice(0, 8).join(', ')}${ends.length > 8 ? ', …' : ''}; must begin with 0 and never decrease`,
      );
    return ends.slice(1).map((end, at) => end - ends[at]);
  };
  return { q: lengths('cu_q', q), k: lengths('cu_k', k) };
}

/** Mask or bias with a value for each key; one for all keys is broadcast. */
function withKeys(t: Tensor, n: number): Tensor {
  return t.shape.at(-1) === 1 ? { ...t, shape: [...t.shape.slice(0, -1), n], strides: [...t.strides.slice(0, -1), 0] } : t;
}

/** Mask of a case and of the tensor `mask`, whole or of one key head. @throws {UsageError} */
export function maskOfTensors(library: SpecLibrary, c: Case, { mask }: Tensors, head?: KeyHead): CompiledMask {
  const whole = mask ? denseMask(c, mask) : masksOf(library, c).own;
  return head ? headsOfMask(whole, head.b, queryHeadsOf(c, head)) : whole;
}

function denseMask(c: Case, mask: Tensor): CompiledMask {
  if ('name' in c.mask && c.mask.name !== 'full') throw new UsageError('tensor mask: --mask names another mask; leave one of the two out');
  const { b, hk, g, m, n } = c.dims;
  try {
    return maskFromDense(withKeys(mask, n), { b, heads: hk * g, m, n });
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`tensor mask ${error.message}`);
    throw error;
  }
}

/** Input in bhld and float64, multiplied by its scales. @param cut takes a part of the tensor */
function readInput(
  { operator, tensors, layout }: OwnProblem,
  name: string,
  dims: Dims,
  cut: (t: Tensor, axes: readonly string[]) => Tensor = (t) => t,
): Float64Tensor {
  const ordered = inDocumentOrder(operator, name, tensors[name], layout);
  const whole = name === 'bias' ? withKeys(ordered, dims.n) : ordered;
  const axes = axesOf(operator, name) ?? [];
  const shape = shapeOfAxes(axes, { dims });
  const fits =
    whole.shape.length === shape.length &&
    shape.every((size, at) => whole.shape[at] === size || (name === 'bias' && whole.shape[at] === 1));
  if (!fits) throw new UsageError(`${name} is [${tensors[name].shape}], must be [${shape}] in layout bhld`);
  const t = cut(whole, flatAxesOf(axes));
  const scale = tensors[`${name}_scale`];
  const data = decoded({
    dtype: t.dtype,
    shape: t.shape,
    data: contiguousData(t),
    ...(scale && { scale: Float64Array.from(contiguousData(scale.shape.length === 2 ? cut(scale, ['b', 'hk']) : scale)) }),
  });
  const facts = inputsOf(operator)[name];
  if (name in inputsOf(operator)) {
    const into = facts.of === undefined ? undefined : { axis: facts.of, size: dims[facts.of] };
    const at = data.findIndex((x) => outsideDomain(facts, x, into) !== undefined);
    if (at >= 0)
      throw new UsageError(`${name}, element ${at} (row-major, bhld): found ${data[at]}, ${outsideDomain(facts, data[at], into)}`);
  }
  return { shape: t.shape, data };
}

function zeros(operator: Operator, name: string, dims: Dims): Float64Tensor {
  const shape = shapeOfAxes(operator.outputs[name.slice(1)], { dims });
  return { shape, data: new Float64Array(sizeOf(shape)) };
}
