import type { Random } from 'fast-check';
import { chance, pick, weighted } from './random.js';

const LONGEST = 4096;

/** Exponents of lengths. Long ones repeat, since fewer are affordable beside other sizes. */
const powers = [7, 8, 9, 10, 10, 11, 11, 12, 12];

/** Queries of a step that decodes, drafts, or fills a tile. */
export const fewQueries = [1, 2, 4, 8, 16, 16, 32, 64, 64];

/** Head sizes of models, common ones twice. */
const headSizes = [64, 64, 72, 80, 96, 112, 128, 128, 160, 192, 256];

/** Head sizes of v by those of k, for DeepSeek's latent attention, decompressed and cached. */
const valueSizes: Readonly<Record<number, number>> = { 192: 128, 576: 512 };

const batches = [2, 3, 4, 4, 5, 6, 7, 8, 8];
const keyHeads = [2, 3, 4, 4, 5, 6, 8, 8, 8, 10, 12, 16, 16, 17, 20, 24, 32, 32, 32];
const groups = [3, 4, 5, 6, 7, 8, 8, 12, 16];

const HEADS = 128;

/** Queries or keys in [127, 4096]: mostly a power of two, else beside one, near a tile, or any. */
export function drawProductionLength(random: Random): number {
  switch (weighted(random, [7, 1, 1, 1])) {
    case 0:
      return 2 ** pick(random, powers);
    case 1:
      return Math.min(LONGEST, 2 ** pick(random, powers) + pick(random, [-1, 1]));
    case 2:
      return Math.min(LONGEST, 64 * random.nextInt(2, 64) + random.nextInt(-1, 1));
    default:
      return Math.round(2 ** (7 + random.nextInt(1, 500) / 100));
  }
}

/** Queries: mostly a decoding step's, else any length. */
export function drawProductionQueries(random: Random): number {
  return chance(random, 3, 5) ? pick(random, fewQueries) : drawProductionLength(random);
}

export function drawProductionHeadSize(random: Random): number {
  return chance(random, 1, 20) ? 576 : pick(random, headSizes);
}

/** Head size of v: mostly d or the size that models pair with d, else any. */
export function drawValueSize(random: Random, d: number): number {
  if (d < headSizes[0] || chance(random, 1, 3)) return pick(random, [...headSizes, valueSizes[576]]);
  const other = valueSizes[d];
  return other !== undefined && chance(random, 1, 2) ? other : d;
}

export function drawProductionBatch(random: Random): number {
  return pick(random, batches);
}

/** Key heads, with at most 128 query heads at g per key head. */
export function drawProductionKeyHeads(random: Random, g: number): number {
  return drawHeads(random, keyHeads, g);
}

/** Query heads per key head. */
export function drawProductionGroup(random: Random, hk: number): number {
  return drawHeads(random, groups, hk);
}

function drawHeads(random: Random, heads: readonly number[], each: number): number {
  return pick(
    random,
    heads.filter((count) => count * each <= HEADS || count === heads[0]),
  );
}
