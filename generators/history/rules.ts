import type { FullCapabilities } from '../../spec/claims/capabilities.js';
import type { SpecLibrary } from '../../spec/library.js';
import { keepsCache } from '../../spec/operator/locality.js';
import type { DType, Operator } from '../../spec/types/documents.js';
import type { DimVariants } from '../dim-variants.js';
import type { DimRules } from '../dims.js';
import { BATCH, type MaskRule, servableMasks } from '../mask-rules.js';
import type { DrawRequest } from '../needs.js';
import { Undrawable } from '../undrawable.js';

/** A way to keep keys and values: contiguous (page 0), or in pages of so many slots; and the masks that a call on it may have. */
interface CacheRule {
  readonly page: number;
  readonly masks: readonly MaskRule[];
}

/** How histories are drawn. */
export interface HistoryRules {
  /** Every case of the check has a history. */
  readonly forced: boolean;
  /** Nothing but appends to the same sequences. */
  readonly appendsOnly: boolean;
  readonly caches: readonly CacheRule[];
  /** Of the sizes that a history leaves open: heads and head sizes. */
  readonly dims: DimRules;
}

/**
 * Where calls differ in one thing, some cases have a history of pages, where the implementation claims it; undefined where none has.
 * @throws {Undrawable} where the property needs a history, and the claims leave none to draw.
 */
export function historyRules(
  library: SpecLibrary,
  operator: Operator,
  capabilities: FullCapabilities,
  { needs, dtype }: DrawRequest,
  dims: DimVariants,
): HistoryRules | undefined {
  if (!needs.history && !needs.changes) return undefined;
  const found = rulesFor(library, operator, capabilities, dtype, needs.history ?? 'pages', dims);
  if (!(found instanceof Undrawable)) return { ...found, forced: needs.history !== undefined };
  if (needs.history) throw found;
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
  if (!keepsCache(operator)) return new Undrawable(`a cache is not defined for ${operator.name}`);
  const rules = dims.rules({ square: false, oneBatch: false });
  if (rules instanceof Undrawable) return rules;
  // a call has lengths of its own: masks that say something for each token or entry of another call do not fit it
  const masks = servableMasks(library, operator, capabilities).filter(({ square, tables, axes }) => !square && !tables && !(axes & BATCH));
  const named = masks.filter((rule) => rule.named);
  // fp8 has a scale per batch entry, which pages are not of
  const sizes = dtype.startsWith('f8') ? [] : [...(capabilities.pages?.sizes ?? [])].sort((x, y) => x - y);
  const paged = sizes.map((page) => ({ page, masks: named }));
  const caches = history === 'appends' ? [{ page: 0, masks }, ...paged] : paged;
  const usable = caches.filter((cache) => cache.masks.length > 0);
  if (usable.length === 0) {
    return new Undrawable(caches.length === 0 ? `pages are not claimed in ${dtype}` : 'no mask is claimed that a cache can have');
  }
  return { appendsOnly: history === 'appends', caches: usable, dims: rules };
}
