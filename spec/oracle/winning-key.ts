import { type Winner, winningKey } from '../numeric/winning-key.js';
import type { SoftmaxRow } from './softmax-row.js';

/**
 * Limits the weights of a row that one key wins.
 * @param limits receives the upper limit of each other key's weight, in key order.
 * @returns undefined if no key wins, where a sum may overflow, and where weights have errors of other kinds: of merges, of a softcap, of reading V.
 */
export function winnerOf(row: SoftmaxRow, limits: Float64Array): Winner | undefined {
  const { score, scoreBound, count, tiles, sink, sinkScore, sinkBound, merge, cap, lost, problem } = row;
  const { numeric } = problem;
  if (numeric.parts > 1 || merge || cap !== undefined || lost.v || problem.focus || !row.fitsAccumulator()) return undefined;
  return winningKey(
    { score, bound: scoreBound, count, tiles, ...(sink && { sink: { score: sinkScore, bound: sinkBound } }) },
    numeric,
    limits,
  );
}
