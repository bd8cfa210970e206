import type { Random } from 'fast-check';
import type { Dims } from '../spec/types/documents.js';
import { type Budget, isAffordable } from './budget.js';
import { type DimRules, toDims } from './dims.js';
import {
  drawProductionBatch,
  drawProductionGroup,
  drawProductionHeadSize,
  drawProductionKeyHeads,
  drawProductionLength,
  drawValueSize,
} from './production-sizes.js';
import { chance, pick, weighted } from './random.js';
import type { CaseSpace } from './space.js';

/** Draws of an axis that is too large beside those before it; every other time the axes that are small yet get as small as can be. */
const ATTEMPTS = 6;

/** Axes of a case that may together cost all that a case may, so that large sizes meet; those after them are kept to a share of it. */
const FIRST = 3;

type Sizes = Record<string, number>;

/** Per cent of a check's cases that are of production sizes: more where sizes are free of each other, so that any of them meet. */
export function productionShare({ everything, request: { feature } }: CaseSpace): number {
  if (feature === 'all' || feature === 'cross' || feature === 'grouped') return 32;
  return everything || feature !== undefined ? 12 : 5;
}

/**
 * Draws sizes as models and their kernels have them, as far as the case stays affordable: axes in any order, each of them mostly at
 * such a size while the others are small, so that any pair of them meets. Most cases cost far less than one may.
 * @param rules for the sizes of the case's mask. @param dense a mask or a bias travels as a tensor. @param axes that are drawn; the others stay.
 */
export function drawProductionDims(
  random: Random,
  space: CaseSpace,
  rules: DimRules,
  dense: boolean,
  flat: Sizes,
  axes: readonly string[] = ['b', 'hk', 'g', 'm', 'n', 'd', 'e'],
): void {
  const budget = rules.production as Budget;
  const share = 2 ** -(random.nextInt(0, 40) / 10);
  const small = smallSizes(random, space);
  for (const axis of axes) flat[axis] = small[axis];
  const left = new Set(axes);
  const costly = (axis: string) => space.capabilities.compilesPer.includes(axis);
  for (const [place, axis] of shuffled(random, axes).entries()) {
    left.delete(axis);
    if (place >= FIRST && chance(random, 1, 5)) continue;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const least = attempt % 2 === 0 ? {} : Object.fromEntries([...left].filter((other) => !costly(other)).map((other) => [other, 1]));
      const sizes = { ...flat, ...least, ...productionSize(random, axis, space, asked(rules, { ...flat, ...least })) };
      if (!isAffordable(asked(rules, sizes), budget, dense, place < FIRST ? 1 : share)) continue;
      Object.assign(flat, sizes);
      break;
    }
  }
}

/** The sizes that a case would have, whatever it costs. */
function asked(rules: DimRules, sizes: Sizes): Dims {
  return toDims({ ...rules, work: Infinity, production: undefined }, sizes);
}

function smallSizes(random: Random, { capabilities, pool, dims }: CaseSpace): Sizes {
  const costs = (axis: string) => capabilities.compilesPer.includes(axis);
  const length = () => (chance(random, 1, 2) ? random.nextInt(1, 8) : random.nextInt(9, 40));
  const n = costs('n') ? pool.lengths[0] : length();
  const d = costs('d') ? pool.headSizes[0] : pick(random, [1, 2, 8, 16, 32]);
  return {
    b: weighted(random, [0, 2, 1]),
    hk: weighted(random, [0, 2, 1]),
    g: weighted(random, [0, 2, 1]),
    n,
    m: costs('m') ? pool.lengths[0] : chance(random, 1, 2) ? 1 : length(),
    d,
    e: !dims.wide ? d : costs('e') ? pool.headSizes[0] : d,
  };
}

/** @param now the sizes so far. */
function productionSize(random: Random, axis: string, { capabilities, pool, dims }: CaseSpace, now: Dims): Sizes {
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
    default:
      return { [axis]: costs ? pool.production.length : drawProductionLength(random) };
  }
}

function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.nextInt(0, i);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
