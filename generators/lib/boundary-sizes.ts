import type { Random } from 'fast-check';
import { chance, weighted } from './random.js';

/** Most queries and keys where both are large. */
const SQUARE = 8;

/** 2ᵏ, or one less, or one more. */
function besidePower(random: Random, least: number, most: number): number {
  return 2 ** random.nextInt(least, most) + random.nextInt(-1, 1);
}

/** A number of queries or keys in [31, 65537]; mostly where 16 bits end. */
export function drawBoundaryLength(random: Random): number {
  if (chance(random, 3, 5)) return 65535 + weighted(random, [3, 4, 13]);
  return besidePower(random, 5, 15);
}

/** A head size in [63, 1025]. */
export function drawBoundaryHeadSize(random: Random): number {
  return besidePower(random, 6, 10);
}

/** Queries and keys that may both be as many. */
export function drawBoundarySquare(random: Random): number {
  return besidePower(random, 5, SQUARE);
}
