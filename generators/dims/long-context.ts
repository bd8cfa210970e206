import type { Random } from 'fast-check';
import { drawLengths } from '../../spec/length/draw.js';
import { lengthDocuments } from '../../spec/lengths/index.js';
import { counts } from '../lib/flat.js';
import { chance, pick, weighted } from '../lib/random.js';

/** Tokens of a batch entry: the paper has 1,024 to 49,152; a CPU needs about a second for these. */
const lengths = [256, 384, 512, 768, 1024, 1536, 2048];

/** Draws the sizes of LongCA-bench's runs (arXiv 2510.17896), scaled to shorter lengths. */
export function drawLongContextDims(random: Random, flat: Record<string, number>): void {
  flat.b = 1;
  flat.hk = weighted(random, [0, 3, 1]);
  flat.g = 8;
  flat.n = flat.m = pick(random, lengths) + (chance(random, 1, 4) ? random.nextInt(-1, 1) : 0);
  flat.d = flat.e = pick(random, [64, 128]);
}

/** Draws document lengths from a corpus. Documents beyond a case's count become one document. */
export function drawLongDocuments(random: Random, flat: Record<string, number>): void {
  const lengths = drawLengths(corpora, pick(random, lengthDocuments), flat.n, random.nextInt(), 1, counts.documents);
  flat.documents = lengths.length - 1;
  for (let i = 0; i < flat.documents; i++) flat[`document${i}`] = lengths[i];
}

const corpora = new Map(lengthDocuments.map((distribution) => [distribution.name, distribution]));

/** Draws a block of 16 to 128, and cuts the length to a multiple of it. */
export function drawLongBlocks(random: Random, field: string, flat: Record<string, number>): void {
  const block = pick(random, [16, 32, 64, 128]);
  flat[field] = block - 1;
  flat.n = flat.m = block * Math.max(1, Math.floor(flat.n / block));
}
