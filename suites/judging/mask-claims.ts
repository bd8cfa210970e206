import { allowedBy } from '../../generators/lib/limits.js';
import type { FullCapabilities } from '../../spec/claims/capabilities.js';
import { mayDiffer } from '../../spec/operator/axes.js';
import { listedMasks, queryAxisOf, usesMask } from '../../spec/operator/facts.js';
import type { Operator } from '../../spec/types/documents.js';

/** Masks without empty rows or hidden keys when m = n. */
const selfSeeing = [
  'full',
  'document',
  'document-causal',
  'share-question',
  'causal-blockwise',
  'prefix-causal',
  'prefix-document',
  'block-causal-document',
];

/** True if a claimed case may have an empty row. User masks may. */
export function mayLeaveRowsEmpty(capabilities: FullCapabilities, operator?: Operator): boolean {
  const { causal, window } = capabilities.dialect;
  const moreQueries = mayExceed(capabilities, operator, 'm', 'n');
  return anyMask(capabilities, operator, (mask) => {
    if (mask === 'causal') return causal === 'bottom-right' && moreQueries;
    if (mask === 'sliding-window') return moreQueries || window === 'exclusive';
    if (mask === 'global-sliding-window') return moreQueries;
    return mask !== 'block-sparse';
  });
}

/** True if a claimed case may have a key hidden from every query. User masks may. */
export function mayHideKeys(capabilities: FullCapabilities, operator?: Operator): boolean {
  const moreKeys = mayExceed(capabilities, operator, 'n', 'm');
  return anyMask(capabilities, operator, (mask) => {
    if (mask === 'causal') return capabilities.dialect.causal === 'top-left' && moreKeys;
    if (mask === 'sliding-window') return moreKeys || capabilities.dialect.window === 'exclusive';
    return mask !== 'global-sliding-window' || moreKeys;
  });
}

function anyMask({ denseMask, masks }: FullCapabilities, operator: Operator | undefined, may: (mask: string) => boolean): boolean {
  // without a mask, or with keys for queries, the program's formula shows every key
  if (operator && (!usesMask(operator) || queryAxisOf(operator) === 'n')) return false;
  const listed = operator && listedMasks(operator);
  return (!listed && denseMask !== false) || (listed ?? masks).some((mask) => !selfSeeing.includes(mask) && may(mask));
}

function mayExceed({ limits }: FullCapabilities, operator: Operator | undefined, a: string, b: string): boolean {
  if (operator && !mayDiffer(operator, a, b)) return false;
  if (limits[a] === `=${b}` || limits[b] === `=${a}`) return false;
  const larger = allowedBy(limits[a]);
  const smaller = allowedBy(limits[b]);
  return (larger.list?.at(-1) ?? larger.max) > (smaller.list?.[0] ?? smaller.min);
}
