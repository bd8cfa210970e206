import { axesOf, declaredAxes, flatAxesOf, layoutForm, ownAxes } from '../../../spec/operator/facts.js';
import { contiguous, tensor, transpose } from '../../../spec/tensor/tensor.js';
import type { Float64Tensor } from '../../../spec/tensor/tensor-rows.js';
import type { ProblemHypothesis, Subject } from './hypothesis.js';

/** Tensors read in the other layout, or with sequence and feature axes swapped. */
export function* layoutHypotheses({ problem }: Subject): Generator<ProblemHypothesis> {
  const { inputs, case: c, operator } = problem;
  if (c.layout === 'thd') return;
  const names = [...Object.keys(declaredAxes(operator)), 'do'];
  for (const name of names.filter((one) => layoutForm(flatAxesOf(axesOf(operator, one) ?? [])) === 'tokens')) {
    if (!inputs[name] || c.views?.[name]) continue;
    const reads = (axes: string, read: Float64Tensor): ProblemHypothesis => ({
      text: `a kernel that reads ${name} with its ${axes} axes swapped`,
      problem: { ...problem, inputs: { ...inputs, [name]: read } },
    });
    const [, heads, length, width] = inputs[name].shape;
    if (heads > 1 && length > 1) yield reads('head and sequence', misread(inputs[name], c.layout === 'blhd'));
    if (c.layout === 'bhld' && length > 1 && width > 1) yield reads('sequence and feature', transposed(inputs[name]));
  }
}

/** A kernel of the other layout takes heads for tokens. It refuses m that n does not divide. */
export function* otherLayoutHypotheses({ problem, problemOf }: Subject): Generator<ProblemHypothesis> {
  const { inputs, case: c, operator } = problem;
  const { hk, g, m, n } = c.dims;
  // other axes would contradict the changed sizes
  const isOfTokens = (name: string) => /^b,(h,m|hk,n),\w+$/.test(flatAxesOf(axesOf(operator, name) ?? []).join());
  // the name of a mask that came as a tensor does not tell it
  const isUnnamed = 'name' in c.mask && c.mask.name === 'full' && problem.mask.area() < c.dims.b * hk * g * m * n;
  const hasTables = !('name' in c.mask) || c.mask.parameters !== undefined || isUnnamed;
  // the operator's further axes may be blocks of tokens
  const isSized = ownAxes(operator).length > 0;
  if (
    c.layout === 'thd' ||
    problem.rows ||
    c.views ||
    c.history ||
    hasTables ||
    isSized ||
    m % n !== 0 ||
    !Object.keys(inputs).every(isOfTokens)
  )
    return;
  const layout = c.layout === 'bhld' ? 'blhd' : 'bhld';
  const changed = { ...c, dims: { ...c.dims, hk: n, g: m / n, m: hk * g, n: hk } };
  yield {
    text: `a kernel of layout ${layout}`,
    declare: `"layouts": ["${layout}"] in its capabilities`,
    problem: {
      ...problem,
      case: changed,
      // the mask depends on no values, and some values cannot be drawn in these sizes
      mask: problemOf({ ...changed, values: { distribution: 'normal', seed: 0 } }).mask,
      inputs: Object.fromEntries(Object.entries(inputs).map(([name, x]) => [name, exchanged(x)])),
    },
    after: (answer) => ({
      ...answer,
      outputs: Object.fromEntries(
        Object.entries(answer.outputs)
          .filter(([name]) => isOfTokens(name))
          .map(([name, { shape, value, bound }]) => {
            const { data, ...to } = exchanged({ shape, data: value });
            return [name, { ...to, value: data, bound: exchanged({ shape, data: bound }).data }];
          }),
      ),
    }),
  };
}

function exchanged({ shape, data }: Float64Tensor): Float64Tensor {
  const t = contiguous(transpose(tensor('f64', shape, data), [0, 2, 1, 3]));
  return { shape: t.shape, data: t.data as Float64Array };
}

/** Reads [b, h, l, d], which lies as blhd if `sequenceFirst`, in the other order. */
function misread({ shape, data }: Float64Tensor, sequenceFirst: boolean): Float64Tensor {
  const [b, h, l, d] = shape;
  const read = new Float64Array(data.length);
  const [outer, inner] = sequenceFirst ? [h, l] : [l, h];
  for (let x = 0; x < b; x++) {
    for (let y = 0; y < h * l; y++) {
      // row y of memory is (head, position) in its layout, and is read in the other
      const [head, position] = sequenceFirst ? [y % h, Math.floor(y / h)] : [Math.floor(y / l), y % l];
      const [p, q] = [Math.floor(y / inner) % outer, y % inner];
      const [toHead, toPosition] = sequenceFirst ? [p, q] : [q, p];
      const from = ((x * h + head) * l + position) * d;
      read.set(data.subarray(from, from + d), ((x * h + toHead) * l + toPosition) * d);
    }
  }
  return { shape, data: read };
}

function transposed({ shape, data }: Float64Tensor): Float64Tensor {
  const [, , l, d] = shape;
  const read = data.map((_, at) => {
    const within = at % (l * d);
    return data[at - within + (within % d) * l + Math.floor(within / d)];
  });
  return { shape, data: read };
}
