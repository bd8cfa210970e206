import { validateCase } from '../../generators/validate.js';
import { decoded } from '../../generators/values/stored-input.js';
import { masksOf } from '../../generators/whole/mask-form.js';
import { type Dialect, fullDialect } from '../../spec/dialect.js';
import { nearestNames } from '../../spec/lib/nearest.js';
import type { CompiledMask } from '../../spec/mask/compile/compiled-mask.js';
import { maskFromDense } from '../../spec/mask/views/from-dense.js';
import { resolveNumeric } from '../../spec/numeric/profile.js';
import { outsideDomain } from '../../spec/operator/domain.js';
import { axesOf, inputsOf, optionalNames, requiredInputs } from '../../spec/operator/facts.js';
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

/** Problem of a user's tensors, by their shapes and values. @throws {UsageError | DocumentError} */
export function problemOfTensors(own: OwnProblem): { readonly case: Case; readonly forward: Problem; readonly backward?: Problem } {
  const { library, operator, tensors, layout } = own;
  const inputs = inputsOf(operator);
  const cotangents = Object.keys(operator.outputs).map((output) => `d${output}`);
  checkNames(operator, Object.keys(tensors), cotangents);
  const options: Record<string, boolean | number> = { ...own.options };
  for (const name of optionalNames(operator)) if (tensors[name] && name in inputs) options[name] = true;
  const packed = packedOf(tensors, layout);
  const dims = dimsOf(operator, tensors, layout, options as Options);
  const c = {
    operator: operator.name,
    dims,
    mask: own.mask,
    options,
    dtype: dtypeOf(operator, tensors),
    layout,
    ...(Object.keys(own.dialect).length > 0 && { dialect: own.dialect }),
    ...(packed && { packed }),
    values: { distribution: 'normal', seed: 0 },
  } as Case;
  validateCase(library, c, 'the tensors and options');
  const read = (name: string) => readInput(own, name, dims);
  const values = Object.fromEntries(Object.keys(inputs).flatMap((name) => (tensors[name] ? [[name, read(name)]] : [])));
  const forward: Problem = {
    case: c,
    operator,
    inputs: values,
    mask: ownMask(library, c, tensors),
    dialect: fullDialect(c.dialect),
    numeric: resolveNumeric(c.dtype, own.numeric),
  };
  const given = cotangents.filter((name) => tensors[name]);
  if (given.length === 0) return { case: c, forward };
  const all = cotangents.map((name) => [name, tensors[name] ? read(name) : zeros(operator, name, dims)]);
  return { case: c, forward, backward: { ...forward, inputs: { ...values, ...Object.fromEntries(all) } } };
}

function checkNames(operator: Operator, names: readonly string[], cotangents: readonly string[]): void {
  const inputs = Object.keys(inputsOf(operator));
  const outputs = Object.keys(operator.outputs);
  const known = [
    ...inputs,
    ...outputs,
    ...cotangents,
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

function ownMask(library: SpecLibrary, c: Case, { mask }: Tensors): CompiledMask {
  if (!mask) return masksOf(library, c).own;
  if ('name' in c.mask && c.mask.name !== 'full') throw new UsageError('tensor mask: --mask names another mask; leave one of the two out');
  const { b, hk, g, m, n } = c.dims;
  try {
    return maskFromDense(mask, { b, heads: hk * g, m, n });
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`tensor mask ${error.message}`);
    throw error;
  }
}

/** Input in bhld and float64, multiplied by its scales. */
function readInput({ operator, tensors, layout }: OwnProblem, name: string, dims: Dims): Float64Tensor {
  const t = inDocumentOrder(operator, name, tensors[name], layout);
  const isCotangent = !(name in inputsOf(operator));
  const shape = shapeOfAxes(axesOf(operator, name) ?? [], { dims });
  const fits = t.shape.length === shape.length && shape.every((size, at) => t.shape[at] === size || (name === 'bias' && t.shape[at] === 1));
  if (!fits) throw new UsageError(`${name} is [${tensors[name].shape}], must be [${shape}] in layout bhld`);
  const scale = tensors[`${name}_scale`];
  const data = decoded({
    dtype: t.dtype,
    shape: t.shape,
    data: contiguousData(t),
    ...(scale && { scale: Float64Array.from(contiguousData(scale)) }),
  });
  const facts = inputsOf(operator)[name];
  if (!isCotangent) {
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
