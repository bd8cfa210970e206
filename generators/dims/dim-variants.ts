import type { FullCapabilities } from '../../spec/claims/capabilities.js';
import { drawnAxesOf, mayDiffer, ownAxesThat, tiesOf, usedAxes, withComputedAxes } from '../../spec/operator/axes.js';
import { requireSizes } from '../../spec/operator/check-axis-rules.js';
import { ownAxes } from '../../spec/operator/facts.js';
import { documentOf } from '../../spec/program/build.js';
import { costOf } from '../../spec/program/cost.js';
import type { Operator } from '../../spec/types/documents.js';
import type { DimRules, DimVariants, MaskWishes } from '../lib/case-space.js';
import { type AllowedSizes, allowedBy, anySize, atMost, intersect } from '../lib/limits.js';
import type { DrawRequest } from '../lib/needs.js';
import { Undrawable } from '../lib/undrawable.js';
import { budgetOf } from './budget.js';
import { dimRules, toDims, workLimit } from './dims.js';
import { floorLimits } from './floors.js';

const one: AllowedSizes = { ...anySize, max: 1 };
const several: AllowedSizes = { ...anySize, min: 2 };

/** Axes of a case; the first of a tied group gives its size. */
const leading = ['n', 'd', 'b', 'hk', 'g', 'm', 'e'];

/** Rules from flat sizes to the sizes of a case, for each kind of mask. */
export function dimVariants(operator: Operator, capabilities: FullCapabilities, request: DrawRequest, everything: boolean): DimVariants {
  const used = usedAxes(operator);
  const drawnAxes = drawnAxesOf(operator);
  const ties = tiesOf(operator);
  const cross = (everything || request.feature === 'cross' || request.needs.targeted === true) && mayDiffer(operator, 'm', 'n');
  const wide = (everything || request.feature === 'wide-v') && !ties.some((pair) => pair.includes('d') && pair.includes('e'));
  const unequal: [string, string][] = [];
  if (request.feature === 'cross') unequal.push(['m', 'n']);
  if (request.feature === 'wide-v') unequal.push(['d', 'e']);
  const further: Record<string, AllowedSizes> = { g: queryHeads(capabilities, request, everything) };
  for (const axis of leading) if (!used.has(axis) && axis !== 'm') further[axis] = one;
  for (const [axis, limit] of Object.entries(request.needs.limits ?? {}))
    further[axis] = intersect(further[axis] ?? anySize, allowedBy(limit));
  for (const [axis, min] of Object.entries(operator.least ?? {})) further[axis] = intersect(further[axis] ?? anySize, { ...anySize, min });
  const drawn = Object.fromEntries(drawnAxes.map(({ name, least, most }) => [name, { ...anySize, min: least, max: most }]));

  const production = budgetOf(operator, request);
  const build = ({ square, oneBatch, packed }: MaskWishes): DimRules | Undrawable => {
    const tied: (readonly [string, string])[] = [...ties];
    // an axis that no input has is of size 1, and is tied to no other axis
    if (!packed && (!cross || square) && used.has('n')) tied.push(['n', 'm']);
    if (!wide && used.has('d') && used.has('e')) tied.push(['d', 'e']);
    try {
      return dimRules({
        axes: [...leading, ...drawnAxes.map(({ name }) => name), ...ownAxesThat(operator, 'same')],
        fields: Object.fromEntries(drawnAxes.map(({ name }, place) => [name, `axis${place}`])),
        work: workLimit(operator, request),
        ...(ownAxes(operator).length > 0 && { cost: costOf(operator) }),
        floors: floorLimits(operator),
        drawn,
        ...(production && { production }),
        limits: capabilities.limits,
        tied,
        unequal,
        further: oneBatch || packed ? { ...further, b: one } : further,
      });
    } catch (error) {
      if (error instanceof Undrawable) return error;
      throw error;
    }
  };
  const built = new Map<number, DimRules | Undrawable>();
  const rules = (mask: MaskWishes) => {
    const key = (mask.square ? 1 : 0) + (mask.oneBatch ? 2 : 0) + (mask.packed ? 4 : 0);
    const found = built.get(key) ?? build(mask);
    built.set(key, found);
    return found;
  };
  const sizes: DimVariants['sizes'] = (of, flat, options, dense) => {
    const dims = withComputedAxes(operator, toDims(of, flat, dense), options);
    requireSizes(operator, dims, documentOf(operator));
    return dims;
  };
  return { cross, wide, drawnAxes, rules, sizes };
}

/**
 * Allowed query heads per key head: several for `+grouped`; any number if grouped heads are claimed
 * and everything is drawn, the mask is read out, the context is long, or 1 is not allowed; else 1.
 * @throws {Undrawable} if the feature `grouped` is not claimed.
 */
function queryHeads(capabilities: FullCapabilities, { feature, needs }: DrawRequest, everything: boolean): AllowedSizes {
  if (feature === 'grouped') {
    if (!capabilities.grouped) throw new Undrawable('grouped heads are not claimed');
    return several;
  }
  // otherwise a feature of a kernel with shared heads would never be drawn
  const neverOne = feature !== undefined && atMost(allowedBy(capabilities.limits.g), 1) === undefined;
  return capabilities.grouped && (everything || neverOne || needs.plainScores || needs.longContext || needs.targeted) ? anySize : one;
}
