import { randomInt } from 'node:crypto';
import { defaults } from './defaults.js';

/** The seed of a command: what its flag says, one that is drawn for `random`, the default where it says nothing. */
export function chosenSeed(seed: number | 'random' = defaults.seed): number {
  return seed === 'random' ? randomInt(2 ** 32) : seed;
}
