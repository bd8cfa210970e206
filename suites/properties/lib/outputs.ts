import { isPaged, pageShapes } from '../../../generators/history/pages.js';
import { type FullCapabilities, gradientsOf } from '../../../spec/claims/capabilities.js';
import { axesOf, codeOf, flatAxesOf, type InputFacts, inputsOf, layoutForm, setOf, storedType } from '../../../spec/operator/facts.js';
import { inAxisOrder, type LayoutForm, layOut, shapeOfAxes } from '../../../spec/operator/layout.js';
import type { Problem } from '../../../spec/problem.js';
import { codesOf } from '../../../spec/tensor/code-format.js';
import { bytesOf, type DType, type TensorDType } from '../../../spec/tensor/dtype.js';
import { contiguous, sizeOf, type Tensor, type Tensors } from '../../../spec/tensor/tensor.js';
import type { Case, CodeFormat, Layout, Operator } from '../../../spec/types/documents.js';
import type { CallSpec, FailJudgement } from '../../contract/property.js';
import { swappedAxes } from '../../diagnosis/hints/signs/swapped-axes.js';
import { asCodes, wrongCode } from '../../judging/codes.js';
import { membership, slotShape, wrongPlace } from '../../judging/sets.js';

/** Dtypes that hold every value of a dtype, itself first. */
const holds: Readonly<Record<DType, readonly DType[]>> = {
  f64: ['f64'],
  f32: ['f32', 'f64'],
  f16: ['f16', 'f32', 'f64'],
  bf16: ['bf16', 'f32', 'f64'],
  f8e4m3: ['f8e4m3', 'f16', 'bf16', 'f32', 'f64'],
  f8e5m2: ['f8e5m2', 'f16', 'bf16', 'f32', 'f64'],
};

interface Required {
  readonly name: string;
  /** Shape in layout bhld. */
  readonly shape: readonly number[];
  readonly dtypes: readonly TensorDType[];
  /** Number of possible members of a set; undefined for numbers. */
  readonly places?: number;
  readonly format?: CodeFormat;
}

function requiredOutputs(call: CallSpec, capabilities: FullCapabilities, problem: Problem): Required[] {
  const dtypes = holds[call.case.dtype];
  if (call.command === 'backward') {
    return gradientsOf(capabilities, problem.operator)
      .filter((name) => problem.inputs[name])
      .map((name) => ({ name: `d${name}`, shape: problem.inputs[name].shape, dtypes }));
  }
  const wide: readonly DType[] = call.case.dtype === 'f64' ? ['f64'] : ['f32', 'f64'];
  const claimed = Object.entries(problem.operator.outputs)
    .filter(([name]) => name === 'o' || capabilities.outputs.includes(name))
    .map(([name, axes]): Required => {
      const set = setOf(problem.operator, name);
      if (set) return { name, shape: slotShape(axes, set, call.case), dtypes: ['i32'], places: call.case.dims[set.of] };
      const shape = shapeOfAxes(axes, call.case);
      const format = codeOf(problem.operator, name);
      if (format) return { name, shape, dtypes: codeDTypes(format), format };
      return { name, shape, dtypes: name === 'lse' ? wide : dtypes };
    });
  return [...claimed, ...requiredPages(call.case, capabilities, problem.operator)];
}

function codeDTypes(format: CodeFormat): TensorDType[] {
  const { dtype } = codesOf(format);
  return dtype === 'u8' ? ['u8', 'f8e4m3', 'f8e5m2'] : [dtype];
}

function requiredPages(c: Case, capabilities: FullCapabilities, operator: Operator): Required[] {
  if (!isPaged(c) || !capabilities.pages?.append) return [];
  const inputs = inputsOf(operator);
  return Object.entries(pageShapes(operator, c)).map(([name, shape]) => ({
    name: `${name}_pages`,
    shape,
    dtypes: [typeOfInput(inputs[name], c)],
  }));
}

/** Fails an output that is missing, has a wrong shape or dtype, or reaches beyond its data. */
export function checkOutputs(
  call: CallSpec,
  outputs: Tensors,
  capabilities: FullCapabilities,
  problem: Problem,
): FailJudgement | undefined {
  for (const { name, shape, dtypes, places, format } of requiredOutputs(call, capabilities, problem)) {
    const expected = places === undefined ? layOut(formOf(problem, name), shape, call.case.layout) : shape;
    const t = outputs[name];
    if (!t) return fail('shape', name, `${name} is missing: it must be ${describeShape(expected)}`);
    if (!sameShape(t.shape, expected))
      return fail('shape', name, `${name} is ${describeShape(t.shape)}, must be ${describeShape(expected)}${shapeHint(t.shape, expected)}`);
    if (!dtypes.includes(t.dtype as TensorDType)) return fail('dtype', name, `${name} is ${t.dtype}, must be ${dtypes.join(' or ')}`);
    if (!withinData(t)) return fail('shape', name, `${name}'s shape, strides and offset reach beyond its ${t.data.length} elements`);
    const wrong = places === undefined ? format && wrongCode(name, contiguous(t), format) : wrongPlace(name, t, places);
    if (wrong) return wrong;
  }
  return undefined;
}

/** Required outputs, contiguous and in bhld; sets as 0 and 1. Unclaimed outputs are left out. */
export function normalise(call: CallSpec, outputs: Tensors, capabilities: FullCapabilities, problem: Problem): Tensors {
  return Object.fromEntries(
    requiredOutputs(call, capabilities, problem).map(({ name, places, format }) => {
      if (format) return [name, asCodes(contiguous(inAxisOrder(formOf(problem, name), outputs[name], call.case.layout)), format)];
      if (places !== undefined) return [name, membership(outputs[name], places)];
      return [name, contiguous(inAxisOrder(formOf(problem, name), outputs[name], call.case.layout))];
    }),
  );
}

/** Form in the layouts: tensors with heads, tokens and channels have one; the rest are fixed. */
function formOf({ operator }: Problem, name: string): LayoutForm {
  return layoutForm(flatAxesOf(axesOf(operator, name) ?? []));
}

/** View of a call's tensor in bhld; a tensor of another rank is returned unchanged. */
export function inBhld(problem: Problem, name: string, t: Tensor, layout: Layout): Tensor {
  const form = formOf(problem, name.replace(/_new$/, ''));
  const rank = (form === 'tokens' ? 4 : 3) - (layout === 'thd' ? 1 : 0);
  return form === 'fixed' || t.shape.length !== rank ? t : inAxisOrder(form, t, layout);
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

function withinData(t: Tensor): boolean {
  if (t.read) return true;
  if (!Number.isFinite(bytesOf(t.dtype as TensorDType)) || t.strides.length !== t.shape.length) return false;
  if (sizeOf(t.shape) === 0) return true;
  let least = t.offset;
  let most = t.offset;
  t.shape.forEach((size, axis) => {
    const reach = (size - 1) * t.strides[axis];
    if (reach < 0) least += reach;
    else most += reach;
  });
  return least >= 0 && most < t.data.length;
}

function shapeHint(found: readonly number[], expected: readonly number[]): string {
  const swap = swappedAxes(expected.length).find(([x, y]) => sameShape(found, exchange(expected, x, y)));
  if (swap) return `: would fit if axes ${swap[0]} and ${swap[1]} were swapped`;
  return sizeOf(found) === sizeOf(expected) ? ': the number of elements is right' : '';
}

function exchange(shape: readonly number[], x: number, y: number): number[] {
  const out = [...shape];
  [out[x], out[y]] = [shape[y], shape[x]];
  return out;
}

function describeShape(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

function fail(name: string, output: string, message: string): FailJudgement {
  return { status: 'fail', class: name, output, message };
}

function typeOfInput(facts: InputFacts, { dtype }: Case): TensorDType {
  return facts.format === undefined ? storedType(facts, dtype) : codesOf(facts.format).dtype;
}
