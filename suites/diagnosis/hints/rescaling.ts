import type { SoftmaxRow } from '../../../spec/oracle/softmax-row.js';
import type { ProblemHypothesis, Subject } from './hypothesis.js';
import { firstOfTiles, placesTiles } from './visibility/segments.js';
import { type Weighing, weighed } from './weighed.js';

const tiles = [1, 8, 16, 32, 64, 128];

const forgotten = [
  ['the partial output is not rescaled', { output: true, sum: false }],
  ['the sum of the weights is not rescaled', { output: false, sum: true }],
  ['neither the output nor the sum of the weights is rescaled', { output: true, sum: true }],
] as const;

/** Online softmax with weights of an earlier maximum after a later tile, or the sink, raised it. */
export function* rescalingHypotheses({ problem, backward }: Subject): Generator<ProblemHypothesis> {
  const { dialect, case: c } = problem;
  if (backward || dialect.lseBase !== 'e' || dialect.lseSink !== 'included') return;
  const untold = !placesTiles(problem);
  for (const tile of tiles) {
    if (tile >= c.dims.n && c.options.sink === undefined) continue;
    for (const [text, which] of forgotten) {
      yield {
        text: `a kernel where ${text} when a tile of {} keys raises the maximum`,
        size: tile,
        problem,
        untold,
        byRow: true,
        after: (answer) => weighed(problem, answer, (row, b, _, i) => unscaled(row, tile, firstOfTiles(problem, b, i), which)),
      };
    }
  }
}

/** Undefined if the first tile has the maximum. @param first key at which tiles begin. */
function unscaled(
  row: SoftmaxRow,
  tile: number,
  first: number,
  which: { readonly output: boolean; readonly sum: boolean },
): Weighing | undefined {
  const { key, score, count } = row;
  const maxima = new Float64Array(count);
  let max = -Infinity;
  for (let start = 0; start < count; ) {
    let end = start;
    const of = Math.floor((key[start] - first) / tile);
    for (; end < count && Math.floor((key[end] - first) / tile) === of; end++) max = Math.max(max, score[end]);
    maxima.fill(max, start, end);
    start = end;
  }
  if (count === 0 || maxima[0] === row.max) return undefined;
  // Σ exp(s − max), and the same under the maxima of the tiles
  const sum = Math.exp(row.lse - row.max);
  let kept = row.sinkWeight * sum;
  for (let c = 0; c < count; c++) kept += Math.exp(score[c] - maxima[c]);
  const by = which.sum ? kept : sum;
  const weight = Float64Array.from({ length: count }, (_, c) => Math.exp(score[c] - (which.output ? maxima[c] : row.max)) / by);
  return { weight, relative: row.relative, lse: which.sum ? Math.log(kept / sum) : 0 };
}
