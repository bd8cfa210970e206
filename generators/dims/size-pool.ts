import type { Random } from 'fast-check';
import { drawBoundaryHeadSize, drawBoundaryLength, drawBoundarySquare } from '../lib/boundary-sizes.js';
import type { SizePool } from '../lib/case-space.js';
import type { DrawRequest } from '../lib/needs.js';
import { drawProductionHeadSize, drawProductionLength } from '../lib/production-sizes.js';
import { hashText, randomOf } from '../lib/seeds.js';
import { drawHeadSize, drawLength, drawLongLength } from '../lib/sizes.js';

/** Draws the sizes of a check. They depend on the check alone, so that all its cases share them. */
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
