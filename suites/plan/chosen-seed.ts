import { randomInt } from 'node:crypto';

/** Returns the seed, drawn now for `random`. */
export function chosenSeed(seed: number | 'random'): number {
  return seed === 'random' ? randomInt(2 ** 32) : seed;
}
