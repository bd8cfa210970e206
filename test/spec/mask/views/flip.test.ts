import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createLibrary } from '../../../../spec/library.js';
import { compileMask } from '../../../../spec/mask/compile/compile.js';
import { flipCell } from '../../../../spec/mask/views/flip.js';

const library = createLibrary();

it('one cell is the other way round, in visibility, runs and area', () => {
  const size = fc.integer({ min: 1, max: 9 });
  fc.assert(
    fc.property(size, size, fc.nat(), fc.nat(), fc.constantFrom('full', 'causal'), (m, n, x, y, name) => {
      const mask = compileMask(library, { name }, { b: 2, heads: 2, m, n, causal: 'bottom-right', window: 'inclusive' });
      const [i, j] = [x % m, y % n];
      const flipped = flipCell(mask, i, j);
      const runs = new Int32Array(n + 2);
      let area = 0;
      for (let row = 0; row < m; row++) {
        const count = flipped.runs(1, 1, row, runs);
        const listed = new Set<number>();
        for (let r = 0; r < count; r++) {
          expect(runs[2 * r]).toBeGreaterThan(r === 0 ? -1 : runs[2 * r - 1]);
          for (let key = runs[2 * r]; key < runs[2 * r + 1]; key++) listed.add(key);
        }
        for (let key = 0; key < n; key++) {
          expect(flipped.visible(0, 1, row, key)).toBe(mask.visible(0, 1, row, key) !== (row === i && key === j));
          expect(listed.has(key)).toBe(flipped.visible(1, 1, row, key));
        }
        area += 4 * listed.size;
      }
      expect(flipped.area()).toBe(area);
    }),
  );
});

it('there is no cell beyond the mask', () => {
  const mask = compileMask(library, { name: 'full' }, { b: 1, heads: 1, m: 2, n: 3, causal: 'bottom-right', window: 'inclusive' });
  expect(() => flipCell(mask, 2, 0)).toThrow(RangeError);
  expect(() => flipCell(mask, 0, -1)).toThrow(RangeError);
});
