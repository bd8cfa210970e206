import type { Random } from 'fast-check';
import { chance, pick, weighted } from './random.js';

const primes = [
  2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127,
];

const lengthKinds: readonly { readonly weight: number; readonly draw: (random: Random) => number }[] = [
  { weight: 6, draw: () => 1 },
  { weight: 24, draw: (random) => random.nextInt(2, 8) },
  { weight: 20, draw: (random) => aroundEdge(random, 8, 4) },
  { weight: 22, draw: (random) => aroundEdge(random, 16, 4) },
  { weight: 10, draw: (random) => aroundEdge(random, 32, 3) },
  { weight: 4, draw: (random) => aroundEdge(random, 64, 2) },
  { weight: 14, draw: (random) => pick(random, primes) },
];
const lengthWeights = lengthKinds.map(({ weight }) => weight);

function aroundEdge(random: Random, tile: number, tiles: number): number {
  return tile * random.nextInt(1, tiles) + random.nextInt(-1, 1);
}

/** Number of queries or keys in [1, 129]. */
export function drawLength(random: Random): number {
  return lengthKinds[weighted(random, lengthWeights)].draw(random);
}

/** Head size in [1, 65], mostly at most 32. */
export function drawHeadSize(random: Random): number {
  switch (weighted(random, [8, 25, 27, 25, 15])) {
    case 0:
      return 1;
    case 1:
      return random.nextInt(2, 7);
    case 2:
      return pick(random, [8, 16, 32]);
    case 3:
      return aroundEdge(random, 8, 4);
    default:
      return pick(random, [31, 37, 40, 48, 63, 64, 65]);
  }
}

/** Batch size in [1, 3]. Wrong batch strides need two entries. */
export function drawBatch(random: Random): number {
  return weighted(random, [0, 45, 40, 15]);
}

/** Key heads, or query heads per key head, in [1, 4]. */
export function drawHeads(random: Random): number {
  return weighted(random, [0, 45, 33, 12, 10]);
}

/** Keys of a long and thin case, in [1000, 4096]; half of the cases have 4096. */
export function drawLongLength(random: Random): number {
  return chance(random, 1, 2) ? 4096 : random.nextInt(1000, 4095);
}

/** Distance of a parameter from its minimum: 0, small, near a tile, any, beyond every length. */
export function drawOffset(random: Random): number {
  switch (weighted(random, [10, 35, 28, 20, 7])) {
    case 0:
      return 0;
    case 1:
      return random.nextInt(1, 4);
    case 2:
      return aroundEdge(random, pick(random, [8, 16]), 2) + random.nextInt(0, 1);
    case 3:
      return random.nextInt(0, 130);
    default:
      return 4096;
  }
}
