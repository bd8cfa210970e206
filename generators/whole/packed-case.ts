import type { Random } from 'fast-check';
import type { FullCapabilities } from '../../spec/claims/capabilities.js';
import type { Case, Packed } from '../../spec/types/documents.js';
import { rowsOf } from '../dims/dims.js';
import { drawDims } from '../dims/draw-dims.js';
import { drawProductionDims } from '../dims/production.js';
import { boundWindows, drawTargetedDims } from '../dims/targeted.js';
import type { CaseSpace, PackedRules } from '../lib/case-space.js';
import { drawValues, valuesOf } from '../lib/distributions.js';
import { counts, type Flat } from '../lib/flat.js';
import { chance, weighted } from '../lib/random.js';
import { drawLength } from '../lib/sizes.js';
import { drawParameters } from '../mask/draw-parameters.js';
import { namedMask } from '../mask/parameters.js';
import { maskWeights } from '../mask/rules.js';
import { changeLengths, changesOf } from '../options/changes.js';
import { drawOptions, optionsOf } from '../options/options.js';
import { drawPart } from '../options/split.js';

/** Draws a flat case of packed documents. */
export function drawPacked(random: Random, space: CaseSpace, { masks, dims }: PackedRules, flat: Record<string, number>): Flat {
  flat.packed = 1;
  changeLengths(space.changes, flat);
  flat.mask0 = weighted(
    random,
    maskWeights(masks, () => 1),
  );
  const { targeted } = space.request.needs;
  if (flat.production > 0) drawProductionDims(random, space, dims, false, flat);
  else if (targeted) drawTargetedDims(random, space, true, flat);
  else drawDims(random, space, true, flat);
  flat.packs = targeted ? counts.packs : random.nextInt(0, counts.packs);
  if (targeted) drawLongLengths(random, flat);
  else if (flat.production > 0) drawCuts(random, flat);
  else drawLengths(random, space.capabilities, flat);
  drawParameters(random, masks[flat.mask0], 0, flat);
  if (targeted) boundWindows([masks[flat.mask0]], [0], flat);
  drawOptions(random, space.options, flat);
  drawValues(random, space.distributions, undefined, flat);
  return flat;
}

/** Draws document lengths. m and n are their sums, unless a new size costs a compilation. */
function drawLengths(random: Random, { compilesPer }: FullCapabilities, flat: Record<string, number>): void {
  const total = { m: 0, n: 0 };
  for (let i = 0; i <= flat.packs; i++) {
    const keys = drawDocument(random);
    const queries = chance(random, 1, 2) ? keys : drawDocument(random);
    if (i < flat.packs) {
      flat[`packedKeys${i}`] = keys;
      flat[`packedQueries${i}`] = queries;
    }
    total.n += keys;
    total.m += queries;
  }
  for (const axis of ['m', 'n'] as const) if (!compilesPer.includes(axis)) flat[axis] = Math.max(1, total[axis]);
}

function drawCuts(random: Random, flat: Record<string, number>): void {
  for (let i = 0; i < flat.packs; i++) {
    flat[`packedKeys${i}`] = drawPart(random, flat.n);
    flat[`packedQueries${i}`] = flat.m === flat.n && chance(random, 1, 2) ? flat[`packedKeys${i}`] : drawPart(random, flat.m);
  }
}

/** Draws long documents with as many queries as keys: one has half of the tokens or more. */
function drawLongLengths(random: Random, flat: Record<string, number>): void {
  for (let i = 0; i < flat.packs; i++)
    flat[`packedKeys${i}`] = flat[`packedQueries${i}`] = chance(random, 1, 6)
      ? 0
      : random.nextInt(1, Math.floor(flat.n / (2 * flat.packs)));
}

function drawDocument(random: Random): number {
  switch (weighted(random, [18, 30, 32, 20])) {
    case 0:
      return 0;
    case 1:
      return random.nextInt(1, 4);
    case 2:
      return random.nextInt(5, 17);
    default:
      return drawLength(random);
  }
}

/** Case of packed documents for a flat case. */
export function packedCase(space: CaseSpace, { masks, dims: rules, square }: PackedRules, flat: Flat): Case {
  const { request, dialect } = space;
  const { bias: _, ...options } = optionsOf(space.options, flat);
  const dims = space.dims.sizes(rules, flat, options);
  const documents = (other: Flat): Required<Pick<Case, 'mask' | 'packed'>> => {
    const q = lengthsOf(dims.m, other, 'packedQueries');
    const packed: Packed = { q, k: square ? [...q] : lengthsOf(dims.n, other, 'packedKeys') };
    return { mask: namedMask(masks[Math.min(flat.mask0, masks.length - 1)], other, 0, dims), packed };
  };
  const { mask, packed } = documents(flat);
  const c: Case = {
    operator: request.operator,
    dims,
    mask,
    options,
    dtype: request.dtype,
    layout: 'thd',
    packed,
    values: { ...valuesOf(space.distributions, flat), ...rowsOf(request, rules, dims, flat) },
    ...(dialect && { dialect }),
  };
  const transform = changesOf(space.changes, flat, c, documents);
  if (transform.length > 0) c.values.transform = transform;
  return c;
}

function lengthsOf(total: number, flat: Flat, field: 'packedQueries' | 'packedKeys'): number[] {
  let left = total;
  const lengths = Array.from({ length: Math.min(flat.packs, counts.packs) }, (_, i) => {
    const length = Math.min(flat[`${field}${i}`], left);
    left -= length;
    return length;
  });
  return [...lengths, left];
}
