import { type FullCapabilities, neverDense } from '../../spec/claims/capabilities.js';
import { inputsOf, storedType } from '../../spec/operator/facts.js';
import { keepsCache } from '../../spec/operator/locality.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { DType, Operator } from '../../spec/types/documents.js';
import type { DimVariants, HistoryRules } from '../lib/case-space.js';
import type { DrawRequest } from '../lib/needs.js';
import { Undrawable } from '../lib/undrawable.js';
import { BATCH, servableMasks } from '../mask/rules.js';

/**
 * Rules for histories; undefined if no case needs one. Calls compared for one change have a history
 * in some cases if pages are claimed.
 * @throws {Undrawable} if the claims do not allow the history, or the missing history, that the
 * property needs.
 */
export function historyRules(
  library: SpecLibrary,
  operator: Operator,
  capabilities: FullCapabilities,
  { needs, dtype, scheme }: DrawRequest,
  dims: DimVariants,
): HistoryRules | undefined {
  const onlyPages = neverDense(capabilities);
  if (onlyPages !== undefined && (scheme !== undefined || (!needs.history && !needs.changes))) throw new Undrawable(onlyPages);
  if (!needs.history && !needs.changes) return undefined;
  const forced = needs.history !== undefined || onlyPages !== undefined;
  const found = rulesFor(library, operator, capabilities, dtype, needs.history ?? 'pages', dims);
  if (!(found instanceof Undrawable)) return { ...found, forced };
  if (forced) throw found;
  return undefined;
}

function rulesFor(
  library: SpecLibrary,
  operator: Operator,
  capabilities: FullCapabilities,
  dtype: DType,
  history: 'pages' | 'appends',
  dims: DimVariants,
): Omit<HistoryRules, 'forced'> | Undrawable {
  if (!keepsCache(operator)) return new Undrawable(`the operator ${operator.name} is not defined on a cache`);
  const rules = dims.rules({ square: false, oneBatch: false });
  if (rules instanceof Undrawable) return rules;
  // lengths differ between calls, so that parameters per token or batch entry would fit only one
  const fitting = servableMasks(library, operator, capabilities).filter(
    ({ square, tables, axes }) => !square && !tables && !(axes & BATCH),
  );
  const named = fitting.filter((rule) => rule.named);
  // in the same order for every cache, so that a case shrinks from pages to none and keeps its mask
  const masks = [...named, ...fitting.filter((rule) => !rule.named)];
  // fp8 has a scale per batch entry, and pages belong to no batch entry
  const scaled = Object.values(inputsOf(operator)).some((input) => storedType(input, dtype).startsWith('f8'));
  const sizes = scaled ? [] : [...(capabilities.pages?.sizes ?? [])].sort((x, y) => x - y);
  const paged = sizes.map((page) => ({ page, masks: named }));
  const caches = history === 'appends' && neverDense(capabilities) === undefined ? [{ page: 0, masks }, ...paged] : paged;
  const usable = caches.filter((cache) => cache.masks.length > 0);
  if (usable.length === 0) {
    return new Undrawable(caches.length === 0 ? `pages are not claimed in ${dtype}` : 'none of the claimed masks is defined on a cache');
  }
  return { appendsOnly: history === 'appends', caches: usable, dims: rules };
}
