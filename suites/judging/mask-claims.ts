import { allowedBy } from '../../generators/lib/limits.js';
import type { FullCapabilities } from '../../spec/claims/capabilities.js';
import { mayDiffer } from '../../spec/operator/axes.js';
import { listedMasks, queryAxisOf, usesMask } from '../../spec/operator/facts.js';
import type { Operator } from '../../spec/types/documents.js';

/** Masks over m = n in which every token sees itself: no row is empty, no key is hidden. */
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

/** Tells whether some claimed case may have a row that sees no key. A mask that is not ours may. An operator that lists its masks has no others. */
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

/** Tells whether some claimed case may have a key that no query sees. A mask that is not ours may. */
export function mayHideKeys(capabilities: FullCapabilities, operator?: Operator): boolean {
  const moreKeys = mayExceed(capabilities, operator, 'n', 'm');
  return anyMask(capabilities, operator, (mask) => {
    if (mask === 'causal') return capabilities.dialect.causal === 'top-left' && moreKeys;
    if (mask === 'sliding-window') return moreKeys || capabilities.dialect.window === 'exclusive';
    return mask !== 'global-sliding-window' || moreKeys;
  });
}

function anyMask({ denseMask, masks }: FullCapabilities, operator: Operator | undefined, may: (mask: string) => boolean): boolean {
  // a program without the mask, or whose queries are its keys, has every query see what its formula says
  if (operator && (!usesMask(operator) || queryAxisOf(operator) === 'n')) return false;
  const listed = operator && listedMasks(operator);
  return (!listed && denseMask !== false) || (listed ?? masks).some((mask) => !selfSeeing.includes(mask) && may(mask));
}

/** True if the operator and the limits leave room for dimension a above dimension b. */
function mayExceed({ limits }: FullCapabilities, operator: Operator | undefined, a: string, b: string): boolean {
  if (operator && !mayDiffer(operator, a, b)) return false;
  if (limits[a] === `=${b}` || limits[b] === `=${a}`) return false;
  const larger = allowedBy(limits[a]);
  const smaller = allowedBy(limits[b]);
  return (larger.list?.at(-1) ?? larger.max) > (smaller.list?.[0] ?? smaller.min);
}
