import type { Random } from 'fast-check';
import type { Dims, Limits } from '../../spec/types/documents.js';
import { counts, type Flat } from '../lib/flat.js';
import { cutLengths } from '../lib/lengths.js';
import { withinLimits } from '../lib/limits.js';
import { weighted } from '../lib/random.js';
import { drawLength } from '../lib/sizes.js';

/** Two to six parts, empty ones among them. */
export function drawSplit(random: Random, flat: Record<string, number>): void {
  flat.parts = weighted(random, [0, 30, 30, 20, 10, 10]);
  for (let i = 0; i < flat.parts; i++) flat[`part${i}`] = drawPart(random, flat.n);
}

/** A length within n: none, small, of a tile's size or so, anything. */
export function drawPart(random: Random, n: number): number {
  switch (weighted(random, [15, 25, 25, 35])) {
    case 0:
      return 0;
    case 1:
      return random.nextInt(1, 4);
    case 2:
      return drawLength(random);
    default:
      return random.nextInt(1, Math.max(1, n >> 1));
  }
}

/** Key lengths that add up to n, each of which the implementation takes as n, or 0. */
export function splitOf(flat: Flat, dims: Dims, limits: Limits): number[] {
  const lengths = Array.from({ length: Math.min(flat.parts, counts.parts) }, (_, i) => flat[`part${i}`]);
  return cutLengths(dims.n, lengths, (n) => n === 0 || withinLimits(limits, { ...dims, n }));
}
