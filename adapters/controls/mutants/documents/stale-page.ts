import { inputsOf } from '../../../../spec/operator/facts.js';
import { slotOf } from '../../second-form/paged.js';
import type { Mutator } from './mutator.js';

/** Keeps the old first row of each new page, in the last of a document's several caches. */
export const stalePage: Mutator = {
  id: 'stale-page',
  imitates: 'a second cache, such as the rotated part of keys beside latent vectors, whose pages are not all written',
  *faults(operator) {
    const names = Object.entries(inputsOf(operator)).flatMap(([name, { cached }]) => (cached ? [name] : []));
    const last = names.at(-1);
    if (names.length < 2 || last === undefined) return;
    yield {
      title: `the first row of a page of ${last} is not written where other pages come before it`,
      paging: {
        written: (cache, b, position, name) =>
          name === last && position > 0 && position % cache.page === 0 ? -1 : slotOf(cache, b, position, name),
      },
    };
  },
};
