import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate, type DType } from '../../../spec/tensor/dtype.js';
import { decodeAll } from '../../../spec/tensor/float-bits.js';
import { prefill, prefillOf } from '../../../spec/tensor/prefill.js';

const dtypes = fc.constantFrom<DType>('f64', 'f32', 'f16', 'bf16', 'f8e4m3', 'f8e5m2');

describe('what memory holds before a call', () => {
  it('is NaN in every float type, or finite numbers, in every element', () => {
    fc.assert(
      fc.property(dtypes, fc.integer({ min: 0, max: 2000 }), (dtype, length) => {
        const data = allocate(dtype, length);
        prefill(dtype, data, 'nan');
        expect(decodeAll(dtype, data).every((x) => Number.isNaN(x))).toBe(true);
        prefill(dtype, data, 'plausible');
        const numbers = decodeAll(dtype, data);
        expect(numbers.every((x) => Math.abs(x) <= 2)).toBe(true);
        // no run of zeros, and no constant, that a kernel could be expected to give
        if (length >= 64) expect(new Set(numbers).size).toBeGreaterThan(16);
      }),
    );
  });

  it('is each for many seeds, and the same for a seed', () => {
    const kinds = Array.from({ length: 256 }, (_, seed) => prefillOf({ values: { distribution: 'normal', seed } }));
    const nan = kinds.filter((kind) => kind === 'nan').length;
    expect(nan).toBeGreaterThan(96);
    expect(nan).toBeLessThan(160);
    expect(prefillOf({ values: { distribution: 'planted', seed: 3 } })).toBe(kinds[3]);
  });
});
