import type { NumericProfile } from './profile.js';

/** Largest total weight of all other keys for which a row has a winner. */
const MOST_OTHERS = 0.5;

interface Scores {
  readonly score: Float64Array;
  readonly bound: Float64Array;
  readonly count: number;
  readonly tiles: number;
  readonly sink?: { readonly score: number; readonly bound: number };
}

/** Limits of the weights of a row that one key, or the sink, wins. */
export interface Winner {
  /** Index among the visible keys; −1 for the sink. */
  readonly at: number;
  /** Upper limits of the sink's weight, and of all weights but the winner's. */
  readonly sink: number;
  readonly others: number;
}

/**
 * Limits the weights of a row with large score errors but a larger lead. The key of largest score s
 * has at least s − δ, and the largest computed score has the exponential 1: a key with score t ± ε
 * has at most the weight exp(t + ε − s + δ), times exp(3a·x) for the error of its exponential at x,
 * and less than e for rounding exponentials and their sum.
 * @param limits receives the limit of each other key; 0 for the winner.
 * @returns undefined if no key wins, or a score may be infinite.
 */
export function winningKey(
  { score, bound, count, tiles, sink }: Scores,
  { a, exp }: Pick<NumericProfile, 'a' | 'exp'>,
  limits: Float64Array,
): Winner | undefined {
  let at = -1;
  let max = sink ? sink.score : -Infinity;
  let highest = sink ? sink.score + sink.bound : -Infinity;
  for (let c = 0; c < count; c++) {
    if (score[c] > max) [at, max] = [c, score[c]];
    highest = Math.max(highest, score[c] + bound[c]);
  }
  if (!Number.isFinite(highest)) return undefined;
  const least = max - (at < 0 ? (sink?.bound ?? 0) : bound[at]);
  const rounding = 1 + (tiles + 1) * exp;
  const limitOf = (s: number, error: number) => Math.exp(s + error - least + 3 * a * (highest - s + error) + rounding);
  let others = 0;
  for (let c = 0; c < count; c++) {
    limits[c] = c === at ? 0 : limitOf(score[c], bound[c]);
    others += limits[c];
  }
  const ofSink = sink && at >= 0 ? limitOf(sink.score, sink.bound) : 0;
  others += ofSink;
  return others < MOST_OTHERS ? { at, sink: ofSink, others } : undefined;
}
