import type { FullCapabilities } from '../../spec/claims/capabilities.js';
import type { Operator } from '../../spec/types/documents.js';
import type { DrawRequest } from '../needs.js';
import { Undrawable } from '../undrawable.js';
import { budgetOf } from './budget.js';
import { type DimRules, dimRules, workLimit } from './dims.js';
import { type AllowedSizes, allowedBy, anySize, intersect } from './limits.js';

const one: AllowedSizes = { ...anySize, max: 1 };
const several: AllowedSizes = { ...anySize, min: 2 };

/** Axes of a case. The size of tied axes is that of the axis that comes first here. */
const leading = ['n', 'd', 'b', 'hk', 'g', 'm', 'e'];

/**
 * Sizes that a mask requires: m = n (square), and b = 1 (oneBatch) if no claimed shape of a dense mask varies over the batch. Packed
 * documents require b = 1, and have independent m and n.
 */
interface MaskWishes {
  readonly square: boolean;
  readonly oneBatch: boolean;
  readonly packed?: boolean;
}

export interface DimVariants {
  /** True if m and n are drawn independently (cross), or e and d are (wide). */
  readonly cross: boolean;
  readonly wide: boolean;
  /** Axes of the operator other than b, hk, g, m, n, d and e. */
  readonly otherAxes: readonly string[];
  /** Returns the rules for the sizes under a mask, or the reason why there are none. */
  rules(mask: MaskWishes): DimRules | Undrawable;
}

/** Rules that turn the sizes of a flat case into those of a case, for each kind of mask. */
export function dimVariants(operator: Operator, capabilities: FullCapabilities, request: DrawRequest, everything: boolean): DimVariants {
  const used = new Set([...Object.values(operator.inputs), ...Object.values(operator.optional ?? {})].flat());
  const otherAxes = [...used].filter((axis) => !leading.includes(axis));
  const cross = (everything || request.feature === 'cross') && used.has('m');
  const wide = everything || request.feature === 'wide-v';
  const unequal: [string, string][] = [];
  if (request.feature === 'cross') unequal.push(['m', 'n']);
  if (request.feature === 'wide-v') unequal.push(['d', 'e']);
  const further: Record<string, AllowedSizes> = { g: queryHeads(capabilities, request, everything) };
  for (const axis of leading) if (!used.has(axis) && axis !== 'm') further[axis] = one;
  for (const [axis, limit] of Object.entries(request.needs.limits ?? {}))
    further[axis] = intersect(further[axis] ?? anySize, allowedBy(limit));

  const production = budgetOf(operator, request);
  const build = ({ square, oneBatch, packed }: MaskWishes): DimRules | Undrawable => {
    const tied: [string, string][] = [];
    if (!packed && (!cross || square)) tied.push(['n', 'm']);
    if (!wide) tied.push(['d', 'e']);
    try {
      return dimRules({
        axes: [...leading, ...otherAxes],
        work: workLimit(operator, request),
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
  return { cross, wide, otherAxes, rules };
}

/**
 * Allowed numbers of query heads per key head: several for `+grouped`; any if grouped heads are claimed and everything is drawn, only
 * the mask is read out, or the context is long; else one.
 * @throws {Undrawable} when the feature is `grouped`, and grouped heads are not claimed.
 */
function queryHeads(capabilities: FullCapabilities, { feature, needs }: DrawRequest, everything: boolean): AllowedSizes {
  if (feature === 'grouped') {
    if (!capabilities.grouped) throw new Undrawable('grouped heads are not claimed');
    return several;
  }
  return capabilities.grouped && (everything || needs.plainScores || needs.longContext) ? anySize : one;
}
