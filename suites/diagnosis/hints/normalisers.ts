import { gamma } from '../../../spec/numeric/profile.js';
import { relativeError } from '../../../spec/numeric/relative-error.js';
import { SoftmaxRow } from '../../../spec/oracle/softmax-row.js';
import type { Expectation, Problem } from '../../../spec/problem.js';
import { unravel } from '../../judging/compared.js';
import type { ProblemHypothesis, Subject } from './hypothesis.js';
import { weighed } from './weighed.js';

/** Wrong axes of the softmax: name, length, and the cell that stands for a sum. */
const axes = [
  ['queries', ({ m }: Sizes) => m, (_: Sizes, b: number, h: number, _i: number) => [b, h, 0]],
  ['heads', ({ heads }: Sizes) => heads, (_: Sizes, b: number, _h: number, i: number) => [b, 0, i]],
  ['batch entries', ({ b }: Sizes) => b, (_: Sizes, _b: number, h: number, i: number) => [0, h, i]],
] as const;

interface Sizes {
  readonly b: number;
  readonly heads: number;
  readonly m: number;
  readonly n: number;
}

/** Softmax over another axis than the keys. */
export function* normaliserHypotheses({ problem, backward }: Subject): Generator<ProblemHypothesis> {
  const { b, hk, g, m, n } = problem.case.dims;
  if (backward) return;
  const sizes = { b, heads: hk * g, m, n };
  for (const [name, length, place] of axes) {
    yield {
      text: `a softmax over the ${name} instead of the keys`,
      problem,
      // over a single element every weight is 1 on any axis
      untold:
        length(sizes) === 1 || problem.mask.segmentOf !== undefined || problem.inputs.sink !== undefined || problem.rows !== undefined,
      after: (answer) => normalisedOver(problem, answer, sizes, (x, h, i) => place(sizes, x, h, i)),
    };
  }
}

function normalisedOver(
  problem: Problem,
  answer: Expectation,
  { b, heads, m, n }: Sizes,
  place: (b: number, h: number, i: number) => readonly number[],
): Expectation {
  const { a } = problem.numeric;
  const max = new Float64Array(b * heads * m * n).fill(-Infinity);
  const sum = new Float64Array(max.length);
  const error = new Float64Array(max.length);
  const at = (x: number, h: number, i: number, j: number) => {
    const [y, k, l] = place(x, h, i);
    return ((y * heads + k) * m + l) * n + j;
  };
  const row = new SoftmaxRow(problem);
  const each = (cell: (at: number, c: number) => void) => {
    for (let r = 0; r < b * heads * m; r++) {
      const [x, h, i] = unravel(r, [b, heads, m]);
      if (row.load(x, h, i)) for (let c = 0; c < row.count; c++) cell(at(x, h, i, row.key[c]), c);
    }
  };
  each((to, c) => {
    max[to] = Math.max(max[to], row.score[c]);
  });
  each((to, c) => {
    sum[to] += Math.exp(row.score[c] - max[to]);
    error[to] = Math.max(error[to], relativeError(row.scoreBound[c]) + (6 + 3 * (max[to] - row.score[c])) * a);
  });
  const summed = gamma(Math.max(m, heads, b) + 8, a);
  return weighed(problem, answer, ({ count, key, score }, x, h, i) => {
    const cells = Array.from({ length: count }, (_, c) => at(x, h, i, key[c]));
    return {
      weight: Float64Array.from(cells, (cell, c) => Math.exp(score[c] - max[cell]) / sum[cell]),
      relative: Float64Array.from(cells, (cell) => 2 * error[cell] + summed),
      lse: 0,
    };
  });
}
