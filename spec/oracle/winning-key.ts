import { floatFormats } from '../tensor/dtype.js';
import type { SoftmaxRow } from './softmax-row.js';

/** Largest weight of all other keys together at which something is known of a row. */
const MOST_OTHERS = 0.5;

/** Limits of the weights of a row that one key, or the sink, wins. */
export interface Winner {
  /** Place of the key among the visible ones; −1 for the sink. */
  readonly at: number;
  /** Upper limit of the sink's weight, and of the weights of all but the winner together, in exact and in computed numbers. */
  readonly sink: number;
  readonly others: number;
}

/**
 * Limits the weights of a row whose scores err by so much that relative errors of weights say nothing, but by less than the winner is
 * ahead. The key with the largest score s has at least the score s − δ, and the exponential of the largest computed score is 1: so a key
 * with the score t ± ε has at most the weight exp(t + ε − s + δ), times the error of its exponential, exp(3a·x) for an argument x, and what
 * rounding the exponentials and their sum adds, less than e together.
 * @param limits receives the upper limit of each other key's weight, in key order.
 * @returns undefined if no key wins, where a sum may overflow, and where weights have errors of other kinds: of merges, of a softcap, of reading V.
 */
export function winnerOf(row: SoftmaxRow, limits: Float64Array): Winner | undefined {
  const { score, scoreBound, count, max, tiles, sink, sinkScore, sinkBound, merge, cap, lost, problem } = row;
  const { a, exp, parts } = problem.numeric;
  if (parts > 1 || merge || cap !== undefined || lost.v || problem.focus || !fitsAccumulator(row)) return undefined;
  let at = -1;
  let highest = sink ? sinkScore + sinkBound : -Infinity;
  for (let c = 0; c < count; c++) {
    if (at < 0 && score[c] === max) at = c;
    highest = Math.max(highest, score[c] + scoreBound[c]);
  }
  const least = max - (at < 0 ? sinkBound : scoreBound[at]);
  const rounding = 1 + (tiles + 1) * exp;
  const limitOf = (s: number, error: number) => Math.exp(s + error - least + 3 * a * (highest - s + error) + rounding);
  let others = 0;
  for (let c = 0; c < count; c++) {
    limits[c] = c === at ? 0 : limitOf(score[c], scoreBound[c]);
    others += limits[c];
  }
  const ofSink = sink && at >= 0 ? limitOf(sinkScore, sinkBound) : 0;
  others += ofSink;
  return others < MOST_OTHERS ? { at, sink: ofSink, others } : undefined;
}

/** Tells whether no sum of products of queries and keys leaves the accumulator: the bound of a score limits its sum. */
function fitsAccumulator(row: SoftmaxRow): boolean {
  const { max } = floatFormats[row.problem.numeric.accumulate];
  for (let c = 0; c < row.count; c++) if (!(row.largestSum(row.scoreBound[c]) < max)) return false;
  return true;
}
