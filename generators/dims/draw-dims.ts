import type { Random } from 'fast-check';
import type { CaseSpace } from '../lib/case-space.js';
import { chance, pick } from '../lib/random.js';
import { drawBatch, drawHeadSize, drawHeads, drawLength, drawLongLength } from '../lib/sizes.js';

const longShare = (space: CaseSpace) => (space.request.feature === 'cross' ? 12 : space.request.feature === 'all' ? 8 : 4);

/** Draws the sizes of a case. @returns true if it is long and thin: m ≤ 4, n ≥ 1,000. */
export function drawDims(random: Random, space: CaseSpace, square: boolean, flat: Record<string, number>): boolean {
  const { cross, wide } = space.dims;
  const long = cross && !square && chance(random, longShare(space), 100);
  flat.b = long ? 1 : drawBatch(random);
  flat.hk = long ? random.nextInt(1, 2) : drawHeads(random);
  flat.g = long ? 3 - flat.hk : drawHeads(random);
  flat.n = long ? drawLongLength(random) : drawLength(random);
  flat.m = long ? random.nextInt(1, 4) : drawQueries(random, space, flat.n);
  flat.d = long ? pick(random, [1, 2, 4, 8, 16]) : drawHeadSize(random);
  flat.e = !wide || (space.everything && chance(random, 1, 3)) ? flat.d : long ? random.nextInt(1, 16) : drawHeadSize(random);
  // lengths equal to the number of heads give swapped axes the right shape
  if (!long && chance(random, 8, 100)) flat.n = flat.m = flat.hk * (space.request.feature === 'grouped' || space.everything ? flat.g : 1);
  if (space.capabilities.compilesPer.length > 0) fewValues(random, space, flat, long);
  return long;
}

function drawQueries(random: Random, space: CaseSpace, n: number): number {
  if (!space.dims.cross) return n;
  const { emptyRows, hiddenKeys } = space.request.needs;
  // more queries than keys leave rows empty under a causal mask; fewer leave keys unseen by windows
  if (emptyRows && chance(random, 3, 4)) return n + drawLength(random);
  if (hiddenKeys && chance(random, 3, 4)) return random.nextInt(1, Math.max(1, n >> 1));
  return space.request.feature !== 'cross' && chance(random, 1, 4) ? n : drawLength(random);
}

/** Takes sizes along axes that cost a compilation from the check's pool. */
function fewValues(random: Random, { capabilities, dims, pool, request }: CaseSpace, flat: Record<string, number>, long: boolean): void {
  const costs = (axis: string) => capabilities.compilesPer.includes(axis);
  if (costs('n')) flat.n = long ? pool.long : pick(random, pool.lengths);
  if (costs('m')) flat.m = long ? pool.lengths[0] : dims.cross ? pick(random, pool.lengths) : flat.n;
  if (costs('d')) flat.d = pick(random, pool.headSizes);
  if (costs('e')) flat.e = dims.wide ? pick(random, pool.headSizes) : flat.d;
  // makes sizes that must differ distinct here, since the later saturation does not know the pool
  if (request.feature === 'cross' && flat.m === flat.n) flat.m = costs('m') ? next(pool.lengths, flat.m) : flat.m + 1;
  if (request.feature === 'wide-v' && flat.e === flat.d) flat.e = costs('e') ? next(pool.headSizes, flat.e) : flat.e + 1;
}

function next(sizes: readonly number[], size: number): number {
  return sizes[(sizes.indexOf(size) + 1) % sizes.length];
}
