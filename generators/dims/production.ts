import type { Random } from 'fast-check';
import type { Dims } from '../../spec/types/documents.js';
import type { Budget, CaseSpace, DimRules, FloorLimits } from '../lib/case-space.js';
import { saturate } from '../lib/limits.js';
import {
  drawProductionBatch,
  drawProductionGroup,
  drawProductionHeadSize,
  drawProductionKeyHeads,
  drawProductionLength,
  drawProductionQueries,
  drawValueSize,
  fewQueries,
} from '../lib/production-sizes.js';
import { chance, pick } from '../lib/random.js';
import { isAffordable } from './budget.js';
import { toDims } from './dims.js';

export const productionAxes: readonly string[] = ['b', 'hk', 'g', 'm', 'n', 'd', 'e'];

/** Number of leading axes that may use the whole budget, so that any two sizes meet. */
const FIRST = 2;

/** Share of the budget for later axes, and for programs, which have fewer cases. */
const SHARE = 0.2;
const PROGRAM_SHARE = 0.5;

const LEADING = ['n', 'n', 'm', 'm', undefined];

/** Draws of the leading axes, and of each later axis, before a small size is taken. */
const FIRST_ATTEMPTS = 12;
const ATTEMPTS = 4;

type Sizes = Record<string, number>;

/** Per cent of a check's cases with production sizes: more if sizes are independent. */
export function productionShare({ everything, production, request: { feature } }: CaseSpace): number {
  if (feature === 'all') return 55;
  // an operator with a state or a cache has few checks beside the plain one
  if (production?.cost) return 60;
  if (feature === 'cross') return 50;
  if (feature === 'grouped') return 40;
  return everything || feature !== undefined ? 14 : 6;
}

/**
 * Draws sizes as models have them, within the budget. Two axes are drawn first, with all others 1,
 * so that any two sizes meet; then each other axis, at a small size if a large one is too
 * expensive.
 * @param axes axes to draw; the rest keep their sizes.
 * @param beside true if a kept axis has a production size, and counts as the first of the two.
 */
export function drawProductionDims(
  random: Random,
  space: CaseSpace,
  rules: DimRules,
  dense: boolean,
  flat: Sizes,
  axes: readonly string[] = productionAxes,
  beside = false,
): void {
  const budget = rules.production as Budget;
  const fits: FloorLimits['fits'] = beside ? rules.floors.fits : (dims, isDense, share) => isAffordable(dims, budget, isDense, share);
  const share = budget.cost ? PROGRAM_SHARE : SHARE;
  /** Draws the axes in order until the case is affordable. Keeps the old sizes if it never is. */
  const grow = (names: readonly string[], attempts: number, share: number, draw: (axis: string, now: Sizes) => Sizes): boolean => {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const sizes = { ...flat };
      for (const axis of names) Object.assign(sizes, draw(axis, sizes));
      if (!fits(asked(rules, sizes), dense, share)) continue;
      Object.assign(flat, sizes);
      return true;
    }
    return false;
  };
  for (const axis of axes) flat[axis] = space.capabilities.compilesPer.includes(axis) ? smallSize(random, axis, space, flat) : 1;
  const order = orderOf(random, rules, axes, beside);
  const first = order.slice(0, beside ? FIRST - 1 : FIRST);
  const production = (axis: string, now: Sizes) => productionSize(random, axis, space, asked(rules, now), axis === first[0]);
  const small = grow(first, FIRST_ATTEMPTS, 1, production) ? [] : first;
  for (const axis of order.slice(first.length)) if (!grow([axis], ATTEMPTS, share, production)) small.push(axis);
  for (const axis of small) grow([axis], 1, share, (_, now) => ({ [axis]: smallSize(random, axis, space, now) }));
}

/** Shuffles the axes with free sizes. Mostly puts a length first: later, few are affordable. */
function orderOf(random: Random, { groups }: DimRules, axes: readonly string[], beside: boolean): string[] {
  const free = groups.filter(({ allowed }) => saturate(allowed, Infinity) !== saturate(allowed, 1)).map(({ axes: [leading] }) => leading);
  const order = shuffled(
    random,
    axes.filter((axis) => free.includes(axis)),
  );
  const first = (beside ? undefined : pick(random, LEADING)) ?? order[0];
  return order.includes(first) ? [first, ...order.filter((axis) => axis !== first)] : order;
}

function asked(rules: DimRules, sizes: Sizes): Dims {
  return toDims({ ...rules, work: Infinity, production: undefined }, { ...sizes, production: 0 });
}

function smallSize(random: Random, axis: string, { capabilities, pool, dims }: CaseSpace, now: Sizes): number {
  const costs = capabilities.compilesPer.includes(axis);
  switch (axis) {
    case 'b':
    case 'hk':
    case 'g':
      return random.nextInt(1, 2);
    case 'd':
    case 'e':
      if (axis === 'e' && !dims.wide) return now.d;
      return costs ? pool.headSizes[0] : pick(random, [1, 2, 8, 16, 32]);
    default:
      if (costs) return pool.lengths[0];
      if (axis === 'm' && chance(random, 1, 2)) return pick(random, fewQueries);
      return chance(random, 1, 2) ? random.nextInt(1, 8) : random.nextInt(9, 40);
  }
}

function productionSize(random: Random, axis: string, { capabilities, pool, dims }: CaseSpace, now: Dims, lead: boolean): Sizes {
  const costs = capabilities.compilesPer.includes(axis);
  switch (axis) {
    case 'b':
      return { b: drawProductionBatch(random) };
    case 'hk':
      return { hk: drawProductionKeyHeads(random, now.g) };
    case 'g':
      return { g: drawProductionGroup(random, now.hk) };
    case 'd': {
      const d = costs ? pool.production.headSize : drawProductionHeadSize(random);
      return { d, ...(!dims.wide && { e: d }) };
    }
    case 'e':
      return { e: costs ? pool.production.headSize : drawValueSize(random, now.d) };
    case 'm':
      if (!costs && !lead) return { m: drawProductionQueries(random) };
      break;
  }
  return { [axis]: costs ? pool.production.length : drawProductionLength(random) };
}

function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.nextInt(0, i);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
