import { declaredAxes, flatAxesOf } from '../../../spec/operator/facts.js';
import type { Expected, Problem } from '../../../spec/problem.js';
import { sizeOf } from '../../../spec/tensor/tensor.js';
import type { Float64Tensor } from '../../../spec/tensor/tensor-rows.js';
import type { ProblemHypothesis, Subject } from './hypothesis.js';

/** Query heads that read wrong key heads, and gradients of shared heads summed wrongly. */
export function* headHypotheses({ problem, backward }: Subject): Generator<ProblemHypothesis> {
  const { hk, g } = problem.case.dims;
  if (hk > 1) {
    yield reading(problem, 'every query head reads key head 0', () => 0);
    yield reading(problem, 'query head h reads key head ⌊h / Hk⌋, as if the group size were the number of key heads', (h) =>
      Math.min(Math.floor(h / hk), hk - 1),
    );
  }
  if (!backward || g === 1) return;
  const own = (h: number) => Math.floor(h / g);
  yield reading(problem, 'dk and dv get the contribution of the first query head of each group only', own, (h) => h % g === 0);
  yield reading(problem, 'dk and dv get the contribution of the last query head of each group only', own, (h) => h % g === g - 1);
  if (hk > 1)
    yield reading(
      problem,
      'dk and dv of query head h are added to key head h mod Hk',
      own,
      () => true,
      (h) => h % hk,
    );
}

/** Gives each query head a copy of its key head, then adds the gradients up by `addedTo`. */
function reading(
  problem: Problem,
  text: string,
  keyHead: (h: number) => number,
  counts: (h: number) => boolean = () => true,
  addedTo = keyHead,
): ProblemHypothesis {
  const { dims } = problem.case;
  const heads = dims.hk * dims.g;
  const inputs = { ...problem.inputs };
  const shared = sharedAxes(problem);
  for (const [name, axis] of shared) inputs[name] = expanded(inputs[name], axis, heads, keyHead);
  return {
    text: `a kernel where ${text}`,
    problem: { ...problem, inputs, case: { ...problem.case, dims: { ...dims, hk: heads, g: 1 } } },
    after: (answer) => {
      const outputs = { ...answer.outputs };
      for (const [name, axis] of shared)
        if (outputs[`d${name}`]) outputs[`d${name}`] = summed(outputs[`d${name}`], axis, dims.hk, addedTo, counts);
      return { ...answer, outputs };
    },
  };
}

function sharedAxes({ operator, inputs }: Problem): [string, number][] {
  return Object.entries(declaredAxes(operator)).flatMap(([name, axes]) => {
    const at = flatAxesOf(axes).indexOf('hk');
    return inputs[name] && at >= 0 && !axes.includes('g') ? [[name, at] as [string, number]] : [];
  });
}

function expanded({ shape, data }: Float64Tensor, axis: number, heads: number, keyHead: (h: number) => number): Float64Tensor {
  const [outer, hk, size] = splitAt(shape, axis);
  const wide = new Float64Array(outer * heads * size);
  for (let x = 0; x < outer; x++) {
    for (let h = 0; h < heads; h++) {
      const from = (x * hk + keyHead(h)) * size;
      wide.set(data.subarray(from, from + size), (x * heads + h) * size);
    }
  }
  return { shape: shape.with(axis, heads), data: wide };
}

function splitAt(shape: readonly number[], axis: number): [number, number, number] {
  return [sizeOf(shape.slice(0, axis)), shape[axis], sizeOf(shape.slice(axis + 1))];
}

function summed(wide: Expected, axis: number, hk: number, keyHead: (h: number) => number, counts: (h: number) => boolean): Expected {
  const [outer, heads, size] = splitAt(wide.shape, axis);
  const value = new Float64Array(outer * hk * size);
  const bound = new Float64Array(outer * hk * size);
  for (let at = 0; at < wide.value.length; at++) {
    const h = Math.floor(at / size) % heads;
    if (!counts(h)) continue;
    const to = (Math.floor(at / (size * heads)) * hk + keyHead(h)) * size + (at % size);
    value[to] += wide.value[at];
    bound[to] += wide.bound[at];
  }
  return { shape: wide.shape.with(axis, hk), value, bound };
}
