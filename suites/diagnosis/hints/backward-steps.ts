import { gamma } from '../../../spec/numeric/profile.js';
import { SoftmaxRow } from '../../../spec/oracle/softmax-row.js';
import { type Expectation, type Expected, type Problem, scaleOf, zeros } from '../../../spec/problem.js';
import { unravel } from '../../judging/compared.js';
import type { ProblemHypothesis, Subject } from './hypothesis.js';

/** Backward steps left out or taken twice: softcap's derivative, the scale, the group's sum. */
export function* backwardSteps({ problem, backward }: Subject): Generator<ProblemHypothesis> {
  if (!backward) return;
  const { g } = problem.case.dims;
  const scale = scaleOf(problem);
  const times = (text: string, factor: number, ...names: string[]): ProblemHypothesis => ({
    text,
    problem,
    after: (answer) => multiplied(answer, factor, names),
  });
  if (scale !== 0) {
    yield times('a kernel that leaves the scale out of the gradient', 1 / scale, 'dq', 'dk');
    yield times('a kernel that multiplies the gradient by the scale twice', scale, 'dq', 'dk');
  }
  yield times('a kernel that takes the mean over the query heads of a group instead of their sum', 1 / g, 'dk', 'dv');
  if (typeof problem.case.options.softcap === 'number' && !problem.inputs.bias) yield withoutSlope(problem, scale);
}

function withoutSlope(problem: Problem, scale: number): ProblemHypothesis {
  const { b, m, n, d } = problem.case.dims;
  const { q, k } = problem.inputs;
  const [, heads] = q.shape;
  const bias = { shape: [b, heads, m, n], data: new Float64Array(b * heads * m * n) };
  const sized = { ...problem, inputs: { ...problem.inputs, bias } };
  const row = new SoftmaxRow(problem);
  const after = (answer: Expectation): Expectation => {
    const { dbias, ...outputs } = answer.outputs;
    const [dq, dk] = [zeros(q.shape), zeros(k.shape)];
    const counts = { dq: gamma(n + 2, problem.numeric.a), dk: gamma((m * heads) / row.keyHeads + 2, problem.numeric.a) };
    for (let at = 0; at < dbias.value.length; at++) {
      const [x, h, i, j] = unravel(at, bias.shape);
      const query = ((x * heads + h) * m + i) * d;
      const key = ((x * row.keyHeads + row.keyHead(h)) * n + j) * d;
      for (let c = 0; c < d; c++) {
        add(dq, query + c, scale * dbias.value[at] * k.data[key + c], Math.abs(scale * k.data[key + c]) * dbias.bound[at], counts.dq);
        add(dk, key + c, scale * dbias.value[at] * q.data[query + c], Math.abs(scale * q.data[query + c]) * dbias.bound[at], counts.dk);
      }
    }
    return { ...answer, outputs: { ...outputs, dq, dk } };
  };
  return { text: 'a kernel that leaves out the derivative of the softcap', problem: sized, after };
}

function add({ value, bound }: Expected, at: number, part: number, error: number, rounding: number): void {
  value[at] += part;
  bound[at] += error + rounding * (Math.abs(part) + error);
}

function multiplied(answer: Expectation, factor: number, names: readonly string[]): Expectation {
  const outputs = { ...answer.outputs };
  for (const name of names) {
    const { shape, value, bound } = outputs[name];
    const size = Math.abs(factor);
    outputs[name] = { shape, value: value.map((x) => factor * x), bound: bound.map((e) => size * e) };
  }
  return { ...answer, outputs };
}
