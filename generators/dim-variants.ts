import type { FullCapabilities } from '../spec/claims/capabilities.js';
import type { Operator } from '../spec/types/documents.js';
import { budgetOf } from './budget.js';
import { type DimRules, dimRules, workLimit } from './dims.js';
import { type AllowedSizes, allowedBy, anySize, intersect } from './limits.js';
import type { DrawRequest } from './needs.js';
import { Undrawable } from './undrawable.js';

const one: AllowedSizes = { ...anySize, max: 1 };
const several: AllowedSizes = { ...anySize, min: 2 };

/** Every axis of a case; where axes are tied, the first of them leads. */
const leading = ['n', 'd', 'b', 'hk', 'g', 'm', 'e'];

/**
 * What a mask asks of the sizes: m = n, and b = 1 where no claimed shape of a dense mask varies over the batch. Packed documents have b = 1,
 * and m and n of their own.
 */
interface MaskWishes {
  readonly square: boolean;
  readonly oneBatch: boolean;
  readonly packed?: boolean;
}

export interface DimVariants {
  /** m and n are drawn apart; e and d are. */
  readonly cross: boolean;
  readonly wide: boolean;
  /** Axes beside the seven. */
  readonly otherAxes: readonly string[];
  /** The rules for a mask, or why there are none. */
  rules(mask: MaskWishes): DimRules | Undrawable;
}

/** The rules by which flat sizes become those of a case, for each kind of mask. */
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

/** One, but where the feature asks for several, or everything is drawn, or only the mask is read out. */
function queryHeads(capabilities: FullCapabilities, { feature, needs }: DrawRequest, everything: boolean): AllowedSizes {
  if (feature === 'grouped') {
    if (!capabilities.grouped) throw new Undrawable('grouped heads are not claimed');
    return several;
  }
  return capabilities.grouped && (everything || needs.plainScores || needs.longContext) ? anySize : one;
}
