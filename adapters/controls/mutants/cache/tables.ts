import { keySlot, type PagedCache } from '../../reference/steps/paged.js';
import type { Fault } from '../lib/mutant.js';

/** As many keys of each batch entry as a rule says. @param lengthOf of the entry's tokens, new ones too. */
export function keysTo(lengthOf: (cache: PagedCache, length: number) => number): Fault {
  return {
    steps: {
      keySlots: (cache, b) =>
        Array.from({ length: lengthOf(cache, cache.lengths[b] + cache.tokens) }, (_, position) => keySlot(cache, b, position)),
    },
  };
}

/** The cache whose tables are 0, 1, 2, … */
export function inOrder(cache: PagedCache): PagedCache {
  return withTable(cache, (at) => at % cache.maxPages);
}

/** The cache in which the page of every odd place of a table lies behind the one before it. */
export function inPairs(cache: PagedCache): PagedCache {
  return withTable(cache, (at) => ((at % cache.maxPages) % 2 === 1 ? cache.table[at - 1] + 1 : cache.table[at]));
}

function withTable(cache: PagedCache, pageAt: (at: number) => number): PagedCache {
  return { ...cache, table: Int32Array.from(cache.table, (_, at) => pageAt(at)) };
}
