import { expect, it } from 'vitest';
import { keysSeen, queriesSeeing } from '../../../adapters/parallel/blocks/visible-keys.js';
import { compileMask } from '../../../spec/mask/compile/compile.js';
import { placesOf, segmentsOf } from '../../../spec/positions.js';
import type { Mask } from '../../../spec/types/documents.js';
import { library } from './support.js';

const masks: Mask[] = [
  { name: 'causal' },
  { name: 'sliding-window', parameters: { left: 1, right: 0 } },
  { name: 'padding', parameters: { lengths: [4, 9], side: 'left' } },
  { heads: [{ name: 'causal' }, { not: { name: 'causal' } }] },
  { not: { name: 'full' } },
];
// 9 and 10 are padding
const shards = [[], [0], [3, 4, 5], [1, 4, 7, 10], [8, 9], [0, 1, 2, 3, 4, 5, 6, 7, 8]].map(segmentsOf);

it.each(masks)('finds the keys seen, and the queries that see, among those of two ranks: %j', (of) => {
  const mask = compileMask(library, of, { b: 2, heads: 2, m: 9, n: 9, causal: 'bottom-right', window: 'inclusive' });
  const sees = (i: number, j: number) => i < 9 && j < 9 && [0, 1].some((b) => [0, 1].some((h) => mask.visible(b, h, i, j)));
  for (const queries of shards) {
    for (const keys of shards) {
      const [rows, columns] = [[...placesOf(queries)], [...placesOf(keys)]];
      const seen = columns.flatMap((j, x) => (rows.some((i) => sees(i, j)) ? [x] : []));
      const seeing = rows.flatMap((i, x) => (columns.some((j) => sees(i, j)) ? [x] : []));
      expect([...keysSeen(mask, queries, keys)]).toEqual(seen);
      expect([...queriesSeeing(mask, queries, keys)]).toEqual(seeing);
    }
  }
});
