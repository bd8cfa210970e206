import { randomInt } from 'node:crypto';

/** The seed that is asked for, or one that is drawn now for `random`. */
export function chosenSeed(seed: number | 'random'): number {
  return seed === 'random' ? randomInt(2 ** 32) : seed;
}
