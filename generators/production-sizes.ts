import type { Random } from 'fast-check';
import { chance, pick, weighted } from './random.js';

/** Most queries or keys of a production case. */
const LONGEST = 4096;

/** Powers of two that lengths are drawn around. */
const powers = [7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12];

/** Head sizes that models have. */
const headSizes = [64, 72, 80, 96, 112, 128, 160, 192, 256];

/** Head sizes of values that differ from those of queries and keys: of DeepSeek's latent attention, decompressed and as it is cached. */
const valueSizes: Readonly<Record<number, number>> = { 192: 128, 576: 512 };

const batches = [3, 4, 5, 6, 7, 8];
const keyHeads = [4, 5, 6, 8, 10, 12, 16, 17, 20, 24, 32];
const groups = [3, 4, 5, 6, 7, 8, 12, 16];

/** Most query heads of a batch entry. */
const HEADS = 128;

/** Queries or keys, in [127, 4096]: around a power of two, around an edge of a tile, or any. */
export function drawProductionLength(random: Random): number {
  switch (weighted(random, [5, 3, 2])) {
    case 0:
      return Math.min(LONGEST, 2 ** pick(random, powers) + pick(random, [-1, 0, 0, 1]));
    case 1:
      return Math.min(LONGEST, 64 * random.nextInt(2, 64) + random.nextInt(-1, 1));
    default:
      return Math.round(2 ** (7 + random.nextInt(1, 500) / 100));
  }
}

export function drawProductionHeadSize(random: Random): number {
  return chance(random, 1, 20) ? 576 : pick(random, headSizes);
}

/** The head size of values that goes with one of queries: another where models have one, mostly the same. */
export function drawValueSize(random: Random, d: number): number {
  const other = valueSizes[d];
  if (other !== undefined && chance(random, 1, 2)) return other;
  return chance(random, 1, 3) ? pick(random, headSizes) : d;
}

export function drawProductionBatch(random: Random): number {
  return pick(random, batches);
}

/** Key heads of which a case has at most 128 query heads, with g to each. */
export function drawProductionKeyHeads(random: Random, g: number): number {
  return pick(
    random,
    keyHeads.filter((heads) => heads * g <= HEADS || heads === keyHeads[0]),
  );
}

/** Query heads of each of the key heads. */
export function drawProductionGroup(random: Random, hk: number): number {
  return pick(
    random,
    groups.filter((heads) => heads * hk <= HEADS || heads === groups[0]),
  );
}
