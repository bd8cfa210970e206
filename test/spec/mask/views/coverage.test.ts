import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileMask } from '../../../../spec/mask/compile/compile.js';
import { Coverage } from '../../../../spec/mask/views/coverage.js';
import { listRuns } from '../../../../spec/mask/views/flip.js';
import { pickMask } from '../../../../spec/mask/views/pick.js';
import { placesOf, segmentsOf } from '../../../../spec/positions.js';
import type { Mask } from '../../../../spec/types/documents.js';
import { library } from '../library.js';

const sizes = { b: 2, heads: 3, m: 14, n: 14 };
const masks: Mask[] = [
  { name: 'full' },
  { name: 'causal' },
  { name: 'sliding-window', parameters: { left: 3, right: 1 } },
  { name: 'document', parameters: { lengths: [5, 0, 6, 3] } },
  { name: 'document-causal', parameters: { lengths: [5, 0, 6, 3] } },
  { name: 'prefix-causal', parameters: { prefix: 4 } },
  { name: 'global-sliding-window', parameters: { window: 1 } },
  { name: 'padding', parameters: { lengths: [9, 0], side: 'left' } },
  { heads: [{ name: 'causal' }, { name: 'full' }] },
  { not: { name: 'causal' } },
];

/** Ascending places, some of them padding; those of strided segments among them. */
const places = fc.oneof(
  fc.uniqueArray(fc.nat(17), { maxLength: 18 }).map((all) => segmentsOf(all.sort((x, y) => x - y))),
  fc.record({ start: fc.nat(5), length: fc.integer({ min: 1, max: 5 }), stride: fc.integer({ min: 1, max: 3 }) }).map((one) => [one]),
);
const heads = fc.option(
  fc.record({ first: fc.nat(2), count: fc.integer({ min: 1, max: 3 }) }).filter(({ first, count }) => first + count <= sizes.heads),
);
const block = fc.record({ mask: fc.constantFrom(...masks), queries: places, keys: places, heads });

it('has the area of any block, and the keys that are seen in it', () => {
  fc.assert(
    fc.property(block, ({ mask, queries, keys, heads: chosen }) => {
      const compiled = compileMask(library, mask, { ...sizes, causal: 'bottom-right', window: 'inclusive' });
      const which = chosen ? Int32Array.from({ length: chosen.count }, (_, x) => chosen.first + x) : undefined;
      const picked = pickMask(compiled, placesOf(queries), placesOf(keys), which);
      const coverage = Coverage.of(compiled, queries, chosen ?? undefined);
      expect(coverage.areaOver(keys)).toBe(picked.area());
      const seen = Array.from({ length: picked.n }, (_, j) => j).filter((j) => anySees(picked, j));
      expect([...coverage.seen(placesOf(keys))]).toEqual(seen);
    }),
    { numRuns: 500 },
  );
});

it('has the area of every stripe of the keys, one after another', () => {
  const striped = fc.record({ mask: fc.constantFrom(...masks), queries: places, ranks: fc.integer({ min: 2, max: 6 }) });
  fc.assert(
    fc.property(striped, ({ mask, queries, ranks }) => {
      const compiled = compileMask(library, mask, { ...sizes, causal: 'bottom-right', window: 'inclusive' });
      const coverage = Coverage.of(compiled, queries);
      for (let start = 0; start < ranks; start++) {
        // the last one ends before the others where the ranks do not divide the keys
        const keys = [{ start, length: Math.ceil((sizes.n - start) / ranks), stride: ranks }];
        expect(coverage.areaOver(keys)).toBe(pickMask(compiled, placesOf(queries), placesOf(keys)).area());
      }
    }),
    { numRuns: 300 },
  );
});

it('has the runs of what is visible, whatever the order of the keys', () => {
  const shuffled = fc.shuffledSubarray(Array.from({ length: 18 }, (_, place) => place)).map(segmentsOfAny);
  fc.assert(
    fc.property(block, fc.oneof(places, shuffled), ({ mask, queries }, keys) => {
      const compiled = compileMask(library, mask, { ...sizes, causal: 'bottom-right', window: 'inclusive' });
      const picked = pickMask(compiled, placesOf(queries), placesOf(keys));
      const runs = new Int32Array(picked.n + 2);
      for (let b = 0; b < picked.b; b++) {
        for (let h = 0; h < picked.heads; h++) {
          for (let i = 0; i < picked.m; i++) {
            const found = [...runs.subarray(0, 2 * picked.runs(b, h, i, runs))];
            const expected = new Int32Array(picked.n + 2);
            const count = listRuns(picked.n, (j) => picked.visible(b, h, i, j), expected);
            expect(found).toEqual([...expected.subarray(0, 2 * count)]);
          }
        }
      }
    }),
    { numRuns: 300 },
  );
});

/** Segments of one place each: keys of padding lie between others. */
function segmentsOfAny(all: readonly number[]) {
  return all.map((start) => ({ start, length: 1, stride: 1 }));
}

function anySees(mask: ReturnType<typeof pickMask>, j: number): boolean {
  for (let b = 0; b < mask.b; b++)
    for (let h = 0; h < mask.heads; h++) for (let i = 0; i < mask.m; i++) if (mask.visible(b, h, i, j)) return true;
  return false;
}
