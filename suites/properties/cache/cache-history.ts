import { keepsCache } from '../../../spec/operator/locality.js';
import type { Property } from '../../contract/property.js';
import { appendCalls, judgeCalls } from '../lib/cache.js';

/** After any operations on pages, calls see their sequences' tokens and leave the pages right. */
export const cacheHistory: Property = {
  name: 'cache-history',
  title: 'after any history of a paged cache, each call sees the tokens of its sequences',
  perMask: false,
  perFeature: false,
  speaksOf: keepsCache,
  bounded: true,
  needs: { history: 'pages', calls: 8, passes: 8 },
  unsupported: ({ pages }) => (pages ? undefined : 'pages are not claimed'),
  calls: (c, { capabilities }) => appendCalls(c, capabilities),
  judge: judgeCalls,
};
