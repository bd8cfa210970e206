import { SoftmaxRow } from '../../../spec/oracle/softmax-row.js';
import type { Expectation, Problem } from '../../../spec/problem.js';
import type { ProblemHypothesis, Subject } from './hypothesis.js';

/** LSE = log Σ exp(s − max) + max without one of its terms. */
export function* lseHypotheses({ problem, backward }: Subject): Generator<ProblemHypothesis> {
  if (backward || problem.dialect.lseSink === 'excluded' || problem.dialect.lseBase === '2') return;
  yield { text: 'an LSE without the maximum', problem, after: (answer) => withLse(problem, answer, (lse, max) => lse - max) };
  yield { text: 'the maximum instead of the LSE', problem, after: (answer) => withLse(problem, answer, (_, max) => max) };
}

function withLse(problem: Problem, answer: Expectation, of: (lse: number, max: number) => number): Expectation {
  const { lse } = answer.outputs;
  const [, heads, m] = lse.shape;
  const row = new SoftmaxRow(problem);
  const value = lse.value.slice();
  const bound = lse.bound.slice();
  for (let at = 0; at < value.length; at++) {
    const h = Math.floor(at / m) % heads;
    if (!row.load(Math.floor(at / (m * heads)), h, at % m)) continue;
    value[at] = of(value[at], row.max);
    let error = 0;
    for (let c = 0; c < row.count; c++) error = Math.max(error, row.scoreBound[c]);
    // the maximum errs by no more than a score
    bound[at] += error;
  }
  return { ...answer, outputs: { ...answer.outputs, lse: { ...lse, value, bound } } };
}
