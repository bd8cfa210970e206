import type { Random } from 'fast-check';
import { hashOf } from '../../spec/lib/hash.js';
import type { Distribution } from '../../spec/types/documents.js';
import { drawBoundaryDims } from '../dims/boundary-dims.js';
import { drawDims } from '../dims/draw-dims.js';
import { drawLongBlocks, drawLongContextDims, drawLongDocuments } from '../dims/long-context.js';
import { drawProductionDims, productionShare } from '../dims/production.js';
import { boundWindows, drawTargetedDims } from '../dims/targeted.js';
import type { CaseSpace, MaskRule } from '../lib/case-space.js';
import { drawValues } from '../lib/distributions.js';
import { counts, type Flat } from '../lib/flat.js';
import type { CaseNeeds } from '../lib/needs.js';
import { chance, pick, weighted } from '../lib/random.js';
import { randomOf } from '../lib/seeds.js';
import { composed } from '../mask/composed.js';
import { drawParameters } from '../mask/draw-parameters.js';
import { drawChanges } from '../options/changes.js';
import { drawOptions } from '../options/options.js';
import { drawPart } from '../options/split.js';
import { simplest } from './flat-table.js';
import { drawHistory } from './history-case.js';
import { drawLongPages } from './long-pages.js';
import { drawPacked } from './packed-case.js';
import { parts } from './parts.js';

/** Constants that keep the hashes of shapes and of production shares apart. */
const SHAPE = 43;
const PRODUCTION = 41;

/**
 * Draws a flat case; saturation corrects impossible values. Production cases have separate random
 * numbers: their share leaves the other cases as they are.
 */
export function drawFlat(random: Random, space: CaseSpace): Flat {
  const own = hashOf(random.clone().nextInt(), PRODUCTION);
  if (!space.production || space.request.shapes !== undefined || own % 100 >= productionShare(space))
    return draw(random, space, { ...simplest });
  // if the case is excluded, the next attempt differs
  random.nextInt();
  return draw(randomOf(own), space, { ...simplest, production: 1 });
}

function draw(random: Random, space: CaseSpace, flat: Record<string, number>): Flat {
  const { needs, shapes } = space.request;
  drawChanges(random, space.changes, flat);
  for (const [place, { least, most }] of space.dims.drawnAxes.entries()) flat[`axis${place}`] = random.nextInt(least, most);
  const others = shapes === undefined;
  if (space.packed && (space.packed.forced || (others && chance(random, 1, 6)))) return drawPacked(random, space, space.packed, flat);
  if (space.history && (space.history.forced || (others && chance(random, 1, 5)))) return drawHistory(random, space, space.history, flat);
  const first = space.compositions[0].alone === true;
  flat.composition = first && !chance(random, 3, 10) ? 0 : random.nextInt(0, space.compositions.length - 1);
  const { uses } = space.compositions[flat.composition];
  for (const place of uses) flat[`mask${place}`] = weighted(random, space.maskWeights);
  const rules = uses.map((place) => space.masks[flat[`mask${place}`]]);
  const square = space.parallel?.tied === true || rules.some((rule) => rule.square);
  const sizes = shapes === undefined ? random : randomOf(hashOf(SHAPE, random.nextInt(0, shapes - 1)));
  const long = drawSizes(sizes, space, square, flat);
  if (needs.longContext || needs.targeted) drawLongDocuments(random, flat);
  else drawDocuments(random, flat);
  for (let i = 0; i < counts.keys; i++) flat[`keys${i}`] = drawKeys(random, flat.n, needs.emptyRows === true);
  for (const [i, rule] of rules.entries()) drawParameters(random, rule, uses[i], flat);
  if (needs.targeted) {
    boundWindows(rules, uses, flat);
    drawLongPages(random, flat);
  }
  const divisor = rules.flatMap((rule, i) => divisorField(rule, uses[i]))[0];
  if (divisor !== undefined && !needs.boundaries && !space.capabilities.compilesPer.includes('n')) {
    if (needs.longContext || needs.targeted || flat.production > 0) drawLongBlocks(sizes, divisor, flat);
    else drawMultiple(sizes, divisor, flat);
  }
  drawOptions(random, space.options, flat);
  drawValues(random, space.distributions, preferredValues(random, needs, long, flat.production > 0 ? 3 : 2), flat);
  // gives the weight to the last key, which a counter that is too narrow loses
  if (long && needs.boundaries && chance(random, 1, 2)) flat.seed = 7 * random.nextInt(0, 35) + 1;
  for (const part of parts) if (part.isDrawn(space)) part.draw(random, space, flat);
  return flat;
}

/** @param among one of `among` long cases has a key that stands out. */
function preferredValues(random: Random, { boundaries, oneHot }: CaseNeeds, long: boolean, among: number): Distribution | undefined {
  if (oneHot && chance(random, 1, 6)) return 'one-hot';
  return long && (boundaries || chance(random, 1, among)) ? 'planted' : undefined;
}

/** Number of keys from which a lost key hardly shows, unless it stands out. */
export const LONG = 300;

function drawSizes(random: Random, space: CaseSpace, square: boolean, flat: Record<string, number>): boolean {
  const { needs } = space.request;
  if (needs.boundaries) return drawBoundaryDims(random, space, square, flat);
  if (flat.production > 0) {
    const { rules, dense } = composed(space, flat);
    drawProductionDims(random, space, rules, dense, flat);
    return flat.n >= LONG;
  }
  if (needs.targeted) {
    drawTargetedDims(random, space, square, flat);
    return false;
  }
  if (!needs.longContext) return drawDims(random, space, square, flat);
  drawLongContextDims(random, flat);
  return false;
}

/** Draws one to six documents, some of them empty; the last one is the remainder. */
export function drawDocuments(random: Random, flat: Record<string, number>): void {
  flat.documents = random.nextInt(0, counts.lengths - 1);
  for (let i = 0; i < flat.documents; i++) flat[`document${i}`] = drawPart(random, flat.n);
}

/** Draws the number of keys of a batch entry: none, all, or some. */
export function drawKeys(random: Random, n: number, preferNone: boolean): number {
  if (chance(random, preferNone ? 60 : 15, 100)) return 0;
  return chance(random, 1, 5) ? n : random.nextInt(1, n);
}

function divisorField(rule: MaskRule, place: number): string[] {
  return rule.parameters.flatMap(([name], slot) => (rule.divisors.has(name) ? [`parameter${place}.${slot}`] : []));
}

/** Draws a block that divides n, with n up to eight blocks long. Its parameter has minimum 1. */
function drawMultiple(random: Random, field: string, flat: Record<string, number>): void {
  const block = pick(random, [1, 2, 3, 4, 5, 7, 8, 16]);
  flat[field] = block - 1;
  flat.n = block * random.nextInt(1, 8);
}
