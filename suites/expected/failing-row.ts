import { inputsOf } from '../../spec/operator/facts.js';
import { plainAttention } from '../../spec/oracle/streamed.js';
import { contiguous, type Tensor, type Tensors } from '../../spec/tensor/tensor.js';
import { expectedOf } from './expected.js';
import { type KeyHead, maskOfTensors, type OwnProblem, problemOfTensors, tensorOfHead } from './own-problem.js';
import type { SampledVerdict } from './sampled.js';

/** Inputs that one query row of softmax attention depends on. */
const taken = ['q', 'k', 'v', 'bias', 'sink'];

/**
 * Takes the row of the worst element with the keys that it sees, in layout bhld: the smallest
 * problem that is still wrong. Undefined if no output of a forward pass is wrong, if another input
 * of the operator is given, or if the row alone is right.
 */
export function failingRow(own: OwnProblem, { case: c, judged }: SampledVerdict): OwnProblem | undefined {
  const { operator, library } = own;
  const failed = judged.find(({ pass, judgement }) => pass === 'forward' && judgement.status === 'fail')?.judgement;
  const { output, index } = failed?.status === 'fail' ? failed : {};
  const inputs = Object.keys(inputsOf(operator)).filter((name) => own.tensors[name]);
  if (!index || !output || c.packed || inputs.some((name) => !taken.includes(name) || own.tensors[`${name}_scale`])) return undefined;
  const [b, h, i] = index;
  const head: KeyHead = { b, hk: c.dialect?.heads === 'tiled' ? h % c.dims.hk : Math.floor(h / c.dims.g) };
  if (!plainAttention(problemOfTensors(own, c, false, head))) return undefined;
  const mask = maskOfTensors(library, c, own.tensors);
  const keys = Array.from({ length: c.dims.n }, (_, j) => j).filter((j) => mask.visible(b, h, i, j));
  if (keys.length === 0) return undefined;
  const at: Readonly<Record<string, readonly number[]>> = { h: [h], m: [i], n: keys };
  const tensors: Tensors = {};
  for (const name of [...inputs, 'o', 'lse'].filter((one) => own.tensors[one]))
    tensors[name] = cut(tensorOfHead(own, name, c, head, [h]), at);
  const row: OwnProblem = { ...own, tensors, layout: 'bhld', mask: { name: 'full' } };
  return expectedOf(row, true).judged.some(({ judgement }) => judgement.status === 'fail') ? row : undefined;
}

function cut(
  { tensor, axes }: { readonly tensor: Tensor; readonly axes: readonly string[] },
  at: Readonly<Record<string, readonly number[]>>,
): Tensor {
  let found = tensor;
  for (const [axis, name] of axes.entries()) {
    const indices = at[name];
    if (!indices || name === 'h' || found.shape[axis] === 1) continue;
    found = select(found, axis, indices);
  }
  return found;
}

/** Elements of some indices along an axis. */
function select(t: Tensor, axis: number, indices: readonly number[]): Tensor {
  const whole = contiguous(t);
  const inner = whole.shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const outer = whole.shape.slice(0, axis).reduce((product, size) => product * size, 1);
  const shape = whole.shape.map((size, x) => (x === axis ? indices.length : size));
  const data = whole.data.slice(0, outer * indices.length * inner);
  for (let o = 0; o < outer; o++)
    for (const [to, from] of indices.entries())
      for (let x = 0; x < inner; x++) data[(o * indices.length + to) * inner + x] = whole.data[(o * whole.shape[axis] + from) * inner + x];
  return { ...whole, shape, strides: shape.map((_, x) => shape.slice(x + 1).reduce((product, size) => product * size, 1)), data };
}
