import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileMask } from '../../../../spec/mask/compile/compile.js';
import { denseAdditive, denseBoolean, fitsShape } from '../../../../spec/mask/views/dense.js';
import { type Tensor, valuesOf } from '../../../../spec/tensor/tensor.js';
import type { Mask } from '../../../../spec/types/documents.js';
import { library, problemOf } from '../library.js';
import { masks } from '../masks.js';

/** Element (b, h, i, j) of a tensor that is broadcast along its axes of size 1. */
function element(t: Tensor, values: Float64Array, index: number[]): number {
  return values[t.shape.reduce((at, size, axis) => at * size + (size === 1 ? 0 : index[axis]), 0)];
}

describe('dense masks', () => {
  it('are the mask, kept or dropped, or 0 and −∞; and fit a shape where broadcasting it loses nothing', () => {
    const sizes = fc.record({ b: fc.boolean(), heads: fc.boolean(), m: fc.boolean() });
    fc.assert(
      fc.property(masks, sizes, fc.constantFrom('f32' as const, 'f16' as const, 'bf16' as const), ({ mask, problem }, one, dtype) => {
        const { b, heads, m, n } = problem;
        const compiled = compileMask(library, mask, problem);
        const shape = { b: one.b ? 1 : b, heads: one.heads ? 1 : heads, m: one.m ? 1 : m };
        const kept = denseBoolean(compiled, shape, false);
        const dropped = valuesOf(denseBoolean(compiled, shape, true));
        const added = denseAdditive(compiled, shape, dtype);
        expect([kept.dtype, kept.shape, added.dtype, added.shape]).toEqual(['bool', [shape.b, shape.heads, shape.m, n], dtype, kept.shape]);
        const [keptValues, addedValues] = [valuesOf(kept), valuesOf(added)];
        let same = true;
        let wrong = 0;
        for (let x = 0; x < b * heads * m * n; x++) {
          const index = [Math.floor(x / (heads * m * n)), Math.floor(x / (m * n)) % heads, Math.floor(x / n) % m, x % n];
          const shown = element(kept, keptValues, index) === 1;
          const own = kept.shape.map((size, axis) => (size === 1 ? 0 : index[axis])) as [number, number, number, number];
          if (shown !== compiled.visible(own[0], own[1], own[2], index[3])) wrong++;
          if (element(kept, dropped, index) !== (shown ? 0 : 1)) wrong++;
          if (element(added, addedValues, index) !== (shown ? 0 : -Infinity)) wrong++;
          if (shown !== compiled.visible(...(index as typeof own))) same = false;
        }
        expect(wrong).toBe(0);
        expect(fitsShape(compiled, shape)).toBe(same);
      }),
      { numRuns: 100 },
    );
  });

  it('fit one row where every query sees the same', () => {
    const fits = (mask: Mask, shape: { b: number; heads: number; m: number }) =>
      fitsShape(compileMask(library, mask, problemOf({ b: 2, heads: 2 })), shape);
    const padding = (lengths: number[]): Mask => ({ name: 'padding', parameters: { lengths, side: 'right' } });
    expect(fits({ name: 'causal' }, { b: 1, heads: 1, m: 4 })).toBe(true);
    expect(fits({ name: 'causal' }, { b: 2, heads: 2, m: 1 })).toBe(false);
    expect(fits(padding([1, 2]), { b: 2, heads: 1, m: 1 })).toBe(true);
    expect(fits(padding([1, 2]), { b: 1, heads: 1, m: 1 })).toBe(false);
    expect(fits(padding([2, 2]), { b: 1, heads: 1, m: 1 })).toBe(true);
  });

  it('cannot be added in a format without an infinity', () => {
    expect(() => denseAdditive(compileMask(library, { name: 'full' }, problemOf()), { b: 1, heads: 1, m: 1 }, 'f8e4m3')).toThrow(TypeError);
  });
});
