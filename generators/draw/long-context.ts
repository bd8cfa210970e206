import type { Random } from 'fast-check';
import { counts } from './flat.js';
import { chance, pick, weighted } from './random.js';

/** Tokens of a batch entry: the paper has 1,024 to 49,152; these are what a processor does in a second or so. */
const lengths = [256, 384, 512, 768, 1024, 1536, 2048];

/**
 * The sizes of LongCA-bench's runs (arXiv 2510.17896), scaled: batch 1, eight query heads to a key head, heads of 64 or 128, as many queries
 * as keys. The work of a case makes long ones narrower.
 */
export function drawLongContextDims(random: Random, flat: Record<string, number>): void {
  flat.b = 1;
  flat.hk = weighted(random, [0, 3, 1]);
  flat.g = 8;
  flat.n = flat.m = pick(random, lengths) + (chance(random, 1, 4) ? random.nextInt(-1, 1) : 0);
  flat.d = flat.e = pick(random, [64, 128]);
}

/** The most that a document has of a batch entry, for Pile (12K tokens of 48K), ProLong64K and ProLong512K (documents longer than an entry). */
const longest = [1 / 4, 4 / 3, 20];

/** Document lengths of a corpus, evenly on a logarithmic scale as far as the longest goes; the last one is what is left. */
export function drawLongDocuments(random: Random, flat: Record<string, number>): void {
  const most = Math.log(Math.max(2, pick(random, longest) * flat.n));
  flat.documents = counts.lengths - 1;
  for (let i = 0; i < flat.documents; i++) flat[`document${i}`] = Math.round(Math.exp((random.nextInt(0, 1024) / 1024) * most));
}

/** A block of 16 to 128 that divides the length. */
export function drawLongBlocks(random: Random, field: string, flat: Record<string, number>): void {
  const block = pick(random, [16, 32, 64, 128]);
  flat[field] = block - 1;
  flat.n = flat.m = block * Math.max(1, Math.floor(flat.n / block));
}
