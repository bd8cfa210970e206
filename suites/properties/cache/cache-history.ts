import { keepsCache } from '../../../spec/operator/locality.js';
import type { Property } from '../../contract/property.js';
import { appendCalls, judgeCalls } from '../lib/cache.js';

/**
 * Sequences in a paged cache are appended to, forked, evicted from and ended, and their pages shared, moved and used again: each call sees its
 * sequences' tokens and no others, and leaves in the pages what a model of the cache says.
 */
export const cacheHistory: Property = {
  name: 'cache-history',
  title: 'whatever was done to a paged cache, each call sees the tokens of its sequences',
  perMask: false,
  perFeature: false,
  speaksOf: keepsCache,
  bounded: true,
  needs: { history: 'pages', calls: 8, passes: 8 },
  unsupported: ({ pages }) => (pages ? undefined : 'pages are not claimed'),
  calls: (c, { capabilities }) => appendCalls(c, capabilities),
  judge: judgeCalls,
};
