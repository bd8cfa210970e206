import { isPaged, pageShapes } from '../../generators/history/pages.js';
import type { FullCapabilities } from '../../spec/claims/capabilities.js';
import { axesOf, flatAxesOf, layoutForm } from '../../spec/operator/facts.js';
import type { Problem } from '../../spec/oracle/problem.js';
import { bytesOf, type DType, type TensorDType } from '../../spec/tensor/dtype.js';
import { contiguous, sizeOf, type Tensor, type Tensors, transpose } from '../../spec/tensor/tensor.js';
import type { Case, Layout } from '../../spec/types/documents.js';
import { swappedAxes } from '../diagnosis/hints/swapped-axes.js';
import type { CallSpec, FailJudgement } from '../properties/property.js';

/** Types that hold every value of a dtype, itself first. */
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
  /** In layout bhld. */
  readonly shape: readonly number[];
  readonly dtypes: readonly DType[];
}

/** The outputs that a call must give: o, and lse where claimed; or the claimed gradients of the inputs that the case has. */
function requiredOutputs(call: CallSpec, capabilities: FullCapabilities, problem: Problem): Required[] {
  const { b, hk, g, m, e } = call.case.dims;
  const dtypes = holds[call.case.dtype];
  if (call.command === 'backward') {
    const given = { q: true, k: true, v: true, dlse: false, ...call.case.options } as Record<string, unknown>;
    return capabilities.gradients
      .filter((name) => given[name] && problem.inputs[name])
      .map((name) => ({ name: `d${name}`, shape: problem.inputs[name].shape, dtypes }));
  }
  const rows = [b, hk * g, m];
  const all: Required[] = [
    { name: 'o', shape: [...rows, e], dtypes },
    { name: 'lse', shape: rows, dtypes: call.case.dtype === 'f64' ? ['f64'] : ['f32', 'f64'] },
  ];
  const claimed = all.filter(
    ({ name }) => problem.operator.outputs.includes(name) && (name === 'o' || capabilities.outputs.includes('lse')),
  );
  return [...claimed, ...requiredPages(call.case, capabilities)];
}

/** A kernel that appends gives the pages back, as they are stored. */
function requiredPages(c: Case, capabilities: FullCapabilities): Required[] {
  if (!isPaged(c) || !capabilities.pages?.append) return [];
  return Object.entries(pageShapes(c)).map(([name, shape]) => ({ name, shape, dtypes: [c.dtype] }));
}

/** What is wrong with the form of a call's outputs: missing, of another shape, of a type that cannot hold them, or beyond their own data. */
export function checkOutputs(
  call: CallSpec,
  outputs: Tensors,
  capabilities: FullCapabilities,
  problem: Problem,
): FailJudgement | undefined {
  for (const { name, shape, dtypes } of requiredOutputs(call, capabilities, problem)) {
    const expected = layOut(formOf(problem, name), shape, call.case.layout);
    const t = outputs[name];
    if (!t) return fail('shape', name, `${name} is missing: it must be ${describeShape(expected)}`);
    if (!sameShape(t.shape, expected))
      return fail('shape', name, `${name} is ${describeShape(t.shape)}, must be ${describeShape(expected)}${shapeHint(t.shape, expected)}`);
    if (!dtypes.includes(t.dtype as DType)) return fail('dtype', name, `${name} is ${t.dtype}, must be ${dtypes.join(' or ')}`);
    if (!withinData(t)) return fail('shape', name, `${name}'s shape, strides and offset reach beyond its ${t.data.length} elements`);
  }
  return undefined;
}

/** The required outputs, contiguous and in layout bhld. The others are left out: what is not claimed is not judged. */
export function normalise(call: CallSpec, outputs: Tensors, capabilities: FullCapabilities, problem: Problem): Tensors {
  return Object.fromEntries(
    requiredOutputs(call, capabilities, problem).map(({ name }) => {
      return [name, contiguous(inHeadOrder(formOf(problem, name), outputs[name], call.case.layout))];
    }),
  );
}

type Form = ReturnType<typeof layoutForm>;

/** Layouts are of what has heads, tokens and channels, and of its gradient; the rest has one form. */
function formOf({ operator }: Problem, name: string): Form {
  return layoutForm(flatAxesOf(axesOf(operator, name) ?? []));
}

/** A bhld shape as the layout has it: blhd swaps heads and sequence; thd does too, and has no batch axis, nor has its lse [h, l]. */
function layOut(form: Form, shape: readonly number[], layout: Layout): readonly number[] {
  const swapped = layout !== 'bhld' && form === 'tokens' ? exchange(shape, 1, 2) : shape;
  return layout === 'thd' && form !== 'fixed' ? swapped.slice(1) : swapped;
}

/** The way back. */
function inHeadOrder(form: Form, t: Tensor, layout: Layout): Tensor {
  const whole = layout === 'thd' && form !== 'fixed' ? { ...t, shape: [1, ...t.shape], strides: [0, ...t.strides] } : t;
  return layout !== 'bhld' && form === 'tokens' ? transpose(whole, [0, 2, 1, 3]) : whole;
}

/** A tensor of a call in the order of bhld, whatever layout it has: a view. What is no tensor of this layout stays as it is. */
export function inBhld(problem: Problem, name: string, t: Tensor, layout: Layout): Tensor {
  const form = formOf(problem, name.replace(/_new$/, ''));
  const rank = (form === 'tokens' ? 4 : 3) - (layout === 'thd' ? 1 : 0);
  return form === 'fixed' || t.shape.length !== rank ? t : inHeadOrder(form, t, layout);
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

function withinData(t: Tensor): boolean {
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
