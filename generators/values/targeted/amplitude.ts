import { type Code, weightCounts } from './code-words.js';

/** Keys of a block. */
export const BLOCK = 64;

/** Map from products q·k to scores: scaled, then through the softcap if present. */
export interface Scoring {
  readonly scale: number;
  readonly softcap?: number;
}

/** Largest weight of all other blocks, relative to one key of the target without its free part. */
const LEAK = 1e-9;

/** Largest score of a target: kernels that subtract no maximum compute it too. */
export const LARGEST_SCORE = 80;

/** Score of a product q·k. */
export function scoreOf({ scale, softcap }: Scoring, product: number): number {
  const score = scale * product;
  return softcap === undefined ? score : softcap * Math.tanh(score / softcap);
}

/** Amplitudes that every storage type holds exactly, smallest first. */
export function* amplitudes(): Generator<number> {
  for (let power = 2 ** -6; power <= 2 ** 9; power *= 2) for (const part of [1, 1.25, 1.5, 1.75]) yield part * power;
}

/** Keys of other blocks: their numbers, and the products of their signatures with the query's. */
export type Others = readonly (readonly [keys: number, product: number])[];

/** Logarithm of the largest Σ exp(score) of other keys. @param free largest free product. */
export function weightOfOthers(others: Others, scoring: Scoring, free = 0): number {
  const most = others.reduce((max, [, product]) => Math.max(max, product), -Infinity);
  if (most === -Infinity) return -Infinity;
  const largest = scoreOf(scoring, most + free);
  return largest + Math.log(others.reduce((sum, [keys, product]) => sum + keys * Math.exp(scoreOf(scoring, product + free) - largest), 0));
}

/** Keys outside the target's block, one sign of each turned. @param sharers blocks per word. */
export function othersOf(code: Code, bits: number, sharers: number, amplitude: number): Others {
  const others: [number, number][] = [];
  for (const [weight, count] of weightCounts(code, bits).entries())
    if (weight > 0 && count > 0) others.push([BLOCK * sharers * count, amplitude * (code.length - 2 * weight + 2)]);
  return others;
}

/**
 * Smallest amplitude at which all other blocks weigh at most LEAK; else, under a softcap, the best.
 * Undefined if the target's score would be too large.
 */
export function amplitudeFor(code: Code, bits: number, sharers: number, scoring: Scoring): number | undefined {
  let best: number | undefined;
  let least = Infinity;
  for (const amplitude of amplitudes()) {
    const target = scoreOf(scoring, amplitude * (code.length - 2));
    if (target > LARGEST_SCORE) break;
    const weight = weightOfOthers(othersOf(code, bits, sharers, amplitude), scoring) - target;
    if (weight <= Math.log(LEAK)) return amplitude;
    if (scoring.softcap !== undefined && weight < least) [best, least] = [amplitude, weight];
  }
  return best;
}
