import type { Random } from 'fast-check';
import { drawBoundaryHeadSize, drawBoundaryLength, drawBoundarySquare } from '../lib/boundary-sizes.js';
import type { CaseSpace } from '../lib/case-space.js';
import { chance, pick, weighted } from '../lib/random.js';

type Kind = 'keys' | 'queries' | 'heads' | 'square';
const kinds: readonly Kind[] = ['keys', 'queries', 'heads', 'square'];
const kindWeights = [48, 24, 18, 10];

/** Draws one or two sizes near a power of two, the rest small. @returns true if n is large. */
export function drawBoundaryDims(random: Random, space: CaseSpace, square: boolean, flat: Record<string, number>): boolean {
  const { dims, pool, capabilities } = space;
  const costs = (axis: string) => capabilities.compilesPer.includes(axis);
  const few = (axis: string, most: number) => (costs(axis) ? pool.lengths[0] : random.nextInt(1, most));
  const { m, n } = capabilities.limits;
  const tied = square || !dims.cross || m === '=n' || n === '=m';
  const kind = tied ? pick(random, ['square', 'heads'] as const) : kinds[weighted(random, kindWeights)];
  const large = (axis: string) => (costs(axis) ? pool.long : drawBoundaryLength(random));
  flat.g = random.nextInt(1, 2);
  flat.n = few('n', 4);
  flat.m = square ? flat.n : few('m', 2);
  flat.d = costs('d') ? pool.headSizes[0] : random.nextInt(1, 3);
  flat.e = costs('e') ? pool.headSizes[0] : random.nextInt(1, 3);
  switch (kind) {
    case 'keys':
      flat.n = large('n');
      break;
    case 'queries':
      flat.m = large('m');
      break;
    case 'heads':
      flat.b = flat.hk = 2;
      if (chance(random, 2, 3)) flat.d = costs('d') ? pool.headSizes[1] : drawBoundaryHeadSize(random);
      if (chance(random, 1, 2)) flat.e = costs('e') ? pool.headSizes[1] : drawBoundaryHeadSize(random);
      break;
    case 'square':
      flat.n = flat.m = costs('n') || costs('m') ? pool.lengths[1] : drawBoundarySquare(random);
  }
  if (!dims.wide) flat.e = flat.d;
  return kind === 'keys';
}
