import type { Random } from 'fast-check';

/** True in `times` of `among` draws. */
export function chance(random: Random, times: number, among: number): boolean {
  return random.nextInt(1, among) <= times;
}

export function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[random.nextInt(0, choices.length - 1)];
}

/** Index, drawn in proportion to its weight. Weights are non-negative integers, not all 0. */
export function weighted(random: Random, weights: readonly number[]): number {
  const total = weights.reduce((a, b) => a + b, 0);
  let left = random.nextInt(1, total) - weights[0];
  let index = 0;
  while (left > 0) left -= weights[++index];
  return index;
}
