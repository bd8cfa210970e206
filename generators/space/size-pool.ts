import type { Random } from 'fast-check';
import type { DrawRequest } from '../needs.js';
import { hashText, randomOf } from '../seeds.js';
import { drawBoundaryHeadSize, drawBoundaryLength, drawBoundarySquare } from './boundary-sizes.js';
import { drawProductionHeadSize, drawProductionLength } from './production-sizes.js';
import { drawHeadSize, drawLength, drawLongLength } from './sizes.js';

/** Sizes that a check uses along axes whose sizes cost the implementation a compilation: at most four lengths and four head sizes. */
export interface SizePool {
  /** Numbers of queries and keys. The first is at most 4, and is the number of queries in a case with `long` keys. */
  readonly lengths: readonly number[];
  readonly long: number;
  readonly headSizes: readonly number[];
  /** Sizes of cases of production size: one length and one head size. */
  readonly production: { readonly length: number; readonly headSize: number };
}

/** Draws the sizes of a check. They depend on the check alone, so that all its cases use the same ones. */
export function sizePool({ operator, feature, mask, dtype, needs }: DrawRequest): SizePool {
  const random = randomOf(hashText(0, `${operator}+${feature}/${mask}/${dtype}`));
  if (needs.boundaries) {
    const few = random.nextInt(1, 4);
    return {
      lengths: [few, drawBoundarySquare(random)],
      long: drawBoundaryLength(random),
      headSizes: [few, drawBoundaryHeadSize(random)],
      production: productionSizes(random),
    };
  }
  return {
    lengths: distinct(3, (drawn) => (drawn === 0 ? random.nextInt(1, 4) : drawLength(random))),
    long: drawLongLength(random),
    headSizes: distinct(4, () => drawHeadSize(random)),
    production: productionSizes(random),
  };
}

function productionSizes(random: Random): SizePool['production'] {
  return { length: drawProductionLength(random), headSize: drawProductionHeadSize(random) };
}

function distinct(count: number, draw: (drawn: number) => number): number[] {
  const sizes = new Set<number>();
  while (sizes.size < count) sizes.add(draw(sizes.size));
  return [...sizes];
}
