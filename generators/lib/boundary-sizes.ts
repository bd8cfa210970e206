import type { Random } from 'fast-check';
import { chance, weighted } from './random.js';

/** Largest exponent of two for m and n together. */
const SQUARE = 8;

function besidePower(random: Random, least: number, most: number): number {
  return 2 ** random.nextInt(least, most) + random.nextInt(-1, 1);
}

/** Number of queries or keys in [31, 65537], mostly near 2¹⁶. */
export function drawBoundaryLength(random: Random): number {
  if (chance(random, 3, 5)) return 65535 + weighted(random, [3, 4, 13]);
  return besidePower(random, 5, 15);
}

/** Head size in [63, 1025]. */
export function drawBoundaryHeadSize(random: Random): number {
  return besidePower(random, 6, 10);
}

/** Number of queries and keys of a square case. */
export function drawBoundarySquare(random: Random): number {
  return besidePower(random, 5, SQUARE);
}
