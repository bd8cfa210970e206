import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileMask } from '../../../../spec/mask/compile/compile.js';
import { sliceMask } from '../../../../spec/mask/views/slice.js';
import { library, problemOf, rowsOf } from '../library.js';
import { masks } from '../masks.js';

describe('sliceMask', () => {
  it('is a block of the whole', () => {
    fc.assert(
      fc.property(masks, fc.tuple(fc.nat(40), fc.nat(40)), fc.tuple(fc.nat(40), fc.nat(40)), ({ mask, problem }, [q0, q1], [k0, k1]) => {
        const whole = compileMask(library, mask, problem);
        const sorted = (x: number, y: number, size: number) => [Math.min(x, y, size), Math.min(Math.max(x, y), size)];
        const [queries, keys] = [sorted(q0, q1, problem.m), sorted(k0, k1, problem.n)];
        const slice = sliceMask(whole, queries, keys);
        const b = problem.b - 1;
        const h = problem.heads - 1;
        const expected = rowsOf(whole, b, h)
          .slice(...queries)
          .map((row) => row.slice(...keys));
        expect(rowsOf(slice, b, h)).toEqual(expected);
        const out = new Int32Array(slice.n + 2);
        expected.forEach((row, i) => {
          const count = slice.runs(b, h, i, out);
          const shown = new Array<string>(slice.n).fill('.');
          for (let x = 0; x < count; x++) shown.fill('x', out[2 * x], out[2 * x + 1]);
          expect(shown.join('')).toBe(row);
        });
      }),
      { numRuns: 100 },
    );
  });

  it('has the areas of its parts, all together, and no tables', () => {
    const whole = compileMask(library, { name: 'document', parameters: { lengths: [5, 2] } }, problemOf({ b: 2, heads: 3, m: 7, n: 7 }));
    const parts = [
      [0, 3],
      [3, 3],
      [3, 7],
    ].map((keys) => sliceMask(whole, [0, 7], keys));
    expect(parts.reduce((sum, part) => sum + part.area(), 0)).toBe(whole.area());
    expect(parts[0]).toMatchObject({ b: 2, heads: 3, m: 7, n: 3, tables: {} });
  });

  it('refuses what is no block of the whole', () => {
    const whole = compileMask(library, { name: 'full' }, problemOf());
    for (const range of [[-1, 2], [0, 5], [3, 2], [0, 1.5], [NaN, 1], [0]]) {
      expect(() => sliceMask(whole, range, [0, 4])).toThrow(RangeError);
      expect(() => sliceMask(whole, [0, 4], range)).toThrow(RangeError);
    }
  });
});
