import type { NumericProfile } from './profile.js';

/** Largest weight of all other keys together at which something is known of a row. */
const MOST_OTHERS = 0.5;

/** Scores of the visible keys of a row, up to `count`, and their error bounds. */
interface Scores {
  readonly score: Float64Array;
  readonly bound: Float64Array;
  readonly count: number;
  /** Tiles that contain a visible key. */
  readonly tiles: number;
  readonly sink?: { readonly score: number; readonly bound: number };
}

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
 * @param limits receives the upper limit of each other key's weight, in the order of the keys; 0 for the winner.
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
