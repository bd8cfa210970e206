import type { Random } from 'fast-check';
import { AT_FLOOR, drawFloorSize, type Floor } from '../dims/floors.js';
import { drawProductionDims, productionAxes } from '../dims/production.js';
import type { CaseSpace, MaskRule } from '../lib/case-space.js';
import { drawValues } from '../lib/distributions.js';
import { counts, type Flat } from '../lib/flat.js';
import { chance, weighted } from '../lib/random.js';
import { composed } from '../mask/composed.js';
import { drawParameters } from '../mask/draw-parameters.js';
import { drawOptions } from '../options/options.js';
import { drawDocuments, drawKeys, LONG } from './draw.js';
import { simplest } from './flat-table.js';

/** Head size if each size costs a compilation: the same in every check. */
const HEADS = 8;
/** Limits of few queries or keys, of small heads, and of heads beside a long sequence. */
const FEW = 9;
const SMALL = 4;
const SMALLEST = 2;
/** Least size of the operator's further axes, if allowed: with two, the second is also the last. */
const SEVERAL = 3;

/** Draws a case at a floor: one axis has its size; one batch entry, few and small heads. */
export function drawFloor(random: Random, space: CaseSpace, floor: Floor): Flat {
  const flat: Record<string, number> = { ...simplest, production: AT_FLOOR };
  for (const [place, { least, most }] of space.dims.drawnAxes.entries())
    flat[`axis${place}`] = random.nextInt(Math.max(least, Math.min(SEVERAL, most)), most);
  const rules = space.packed?.forced ? space.packed.masks : space.masks;
  // with many keys, m = n would cost too much
  const few = floor.least > LONG && rules.some((rule) => !rule.square);
  flat.mask0 = weighted(
    random,
    rules.map((rule, place) => (few && rule.square ? 0 : space.packed?.forced ? 1 : space.maskWeights[place])),
  );
  drawSizes(random, space, floor, flat);
  if (floor.production) {
    const { rules: ruled, dense } = composed(space, flat);
    const others = productionAxes.filter((axis) => axis !== floor.axis);
    if (ruled.production) drawProductionDims(random, space, ruled, dense, flat, others, true);
  }
  if (space.packed?.forced) drawPacks(random, flat);
  else drawDocuments(random, flat);
  for (let i = 0; i < counts.keys; i++) flat[`keys${i}`] = drawKeys(random, flat.n, false);
  drawParameters(random, rules[flat.mask0], 0, flat);
  widen(random, rules[flat.mask0], flat);
  drawOptions(random, space.options, flat);
  const own = space.options.findIndex(({ name }) => name === floor.option);
  if (own >= 0) flat[`option${own}`] = 1;
  // gates, scales and codes that differ from token to token
  drawValues(random, space.distributions, flat.n > LONG && chance(random, 1, 2) ? 'planted' : 'normal', flat);
  return flat;
}

function drawSizes(random: Random, { capabilities, dims }: CaseSpace, floor: Floor, flat: Record<string, number>): void {
  const costs = (axis: string) => capabilities.compilesPer.includes(axis);
  const head = (axis: string) => (costs(axis) ? HEADS : random.nextInt(1, floor.least > LONG ? SMALLEST : SMALL));
  const few = (axis: string) => (costs(axis) ? 1 : random.nextInt(1, FEW));
  flat.b = flat.hk = flat.g = 1;
  flat.d = head('d');
  flat.e = dims.wide ? head('e') : flat.d;
  const size = drawFloorSize(random, floor);
  const square = floor.axis === 'n' && size < LONG;
  flat.n = few('n');
  flat.m = few('m');
  const place = dims.drawnAxes.findIndex(({ name }) => name === floor.axis);
  flat[place < 0 ? floor.axis : `axis${place}`] = size;
  // tiles of queries end at the same lengths as tiles of keys
  if (square && (costs('m') || chance(random, 2, 3))) flat.m = size;
  if (floor.axis === 'd' && !dims.wide) flat.e = size;
}

/** Widens every other window, so that it may end in a later chunk. */
function widen(random: Random, rule: MaskRule, flat: Record<string, number>): void {
  rule.parameters.forEach(([name, { type }], slot) => {
    if (type === 'integer' && !rule.divisors.has(name) && chance(random, 1, 2)) flat[`parameter0.${slot}`] = random.nextInt(0, flat.n);
  });
}

/** Draws three documents. The second has the floor's size, and begins within a chunk. */
function drawPacks(random: Random, flat: Record<string, number>): void {
  const keys = [random.nextInt(1, FEW), flat.n, random.nextInt(1, FEW)];
  const queries = flat.m === flat.n ? keys : keys.map(() => random.nextInt(1, FEW));
  flat.packs = 2;
  for (let i = 0; i < flat.packs; i++) Object.assign(flat, { [`packedKeys${i}`]: keys[i], [`packedQueries${i}`]: queries[i] });
  const sum = (lengths: readonly number[]) => lengths.reduce((total, length) => total + length, 0);
  Object.assign(flat, { n: sum(keys), m: sum(queries) });
}
