import type { Random } from 'fast-check';
import { longLengths } from '../../spec/length/long-lengths.js';
import type { Dims } from '../../spec/types/documents.js';
import type { CaseSpace, MaskRule } from '../lib/case-space.js';
import { chance, pick, weighted } from '../lib/random.js';

/** Lengths for schemes: all ranks run on one machine. */
const lengthsOfSchemes: typeof longLengths = [
  [1, 2 ** 15 - 1],
  [3, 2 ** 15],
  [1, 2 ** 15 + 1],
];

const fewQueries = [1, 2, 3, 4, 8, 16];
const FEW = 16;

const SMALLEST_HEAD = 32;

/** Keys on one side of a window, the query's position included. */
const WINDOW = 257;

/** Draws a case with targets: few heads of usual sizes, with m = n or a decoding step. */
export function drawTargetedDims(random: Random, { request, dims }: CaseSpace, square: boolean, flat: Record<string, number>): void {
  flat.b = chance(random, 1, 6) ? 2 : 1;
  flat.hk = chance(random, 1, 4) ? 2 : 1;
  flat.g = pick(random, [1, 1, 2, 4]);
  const among = request.scheme === undefined ? longLengths : lengthsOfSchemes;
  const weights = among.map(([weight]) => weight);
  const drawn = among[weighted(random, weights)][1];
  flat.n = request.tokens ?? drawn;
  flat.m = dims.cross && !square && chance(random, 1, 3) ? pick(random, fewQueries) : flat.n;
  flat.d = flat.e = pick(random, [64, 64, 64, 128, 128, 128, 32, 80, 96]);
}

/** Bounds both window sides: an unbounded side costs as much as causal and is covered there. */
export function boundWindows(rules: readonly MaskRule[], uses: readonly number[], flat: Record<string, number>): void {
  for (const [i, { parameters }] of rules.entries()) {
    for (const [slot, [, { type, minimum }]] of parameters.entries()) {
      const field = `parameter${uses[i]}.${slot}`;
      if (type === 'integer' && minimum === -1 && flat[field] === 0) flat[field] = WINDOW;
    }
  }
}

/** Cheaper sizes, least harmful first. @param fixed true if the length must stay. */
export function* cheaper({ b, hk, g, m, n, d }: Dims, drawn: number, fixed: boolean): Generator<Record<string, number>> {
  for (const [axis, size] of Object.entries({ b, g, hk })) if (size > 1) yield { [axis]: size >> 1 };
  const shorter = longLengths.findLast(([, tokens]) => tokens < n)?.[1];
  if (m === n && m > FEW) {
    if (d >> 1 >= SMALLEST_HEAD) yield { d: d >> 1, e: d >> 1 };
    if (shorter !== undefined && !fixed) yield { m: shorter, n: shorter };
    yield { m: FEW, n: drawn };
  }
  if (m > 1 && m !== n) yield { m: m >> 1 };
  if (!fixed) yield { m: Math.min(m, shorter ?? n >> 1), n: shorter ?? n >> 1 };
}
