import { describe, expect, it } from 'vitest';
import { operandCut, readingLoss } from '../../../spec/numeric/operand-loss.js';
import { resolveNumeric } from '../../../spec/numeric/profile.js';
import type { DType } from '../../../spec/tensor/dtype.js';
import type { Numeric } from '../../../spec/types/documents.js';

const lossOf = (dtype: DType, numeric: Numeric, ...values: number[]) => {
  const loss = readingLoss(resolveNumeric(dtype, numeric), { data: Float64Array.from(values) });
  return loss && [...loss];
};

describe('what reading an input loses', () => {
  it('is nothing where subnormals are kept, and for normal numbers and zero', () => {
    expect(lossOf('f32', {}, 2 ** -140)).toBeUndefined();
    expect(lossOf('f16', { flushToZero: true }, 2 ** -14, 0, -1, NaN, Infinity)).toBeUndefined();
  });

  it('is all of a subnormal number of the storage type where such are flushed', () => {
    expect(lossOf('f16', { flushToZero: true }, 1, -(2 ** -15), 0)).toEqual([0, 2 ** -15, 0]);
    expect(lossOf('f32', { flushToZero: true }, 2 ** -15, 2 ** -127)).toEqual([0, 2 ** -127]);
  });

  it('is nothing of fp8, which is widened before anything is computed', () => {
    expect(lossOf('f8e4m3', { flushToZero: true }, 2 ** -9)).toBeUndefined();
  });

  it('is what TF32 has no bits for, where the exponent is the least', () => {
    expect(lossOf('f32', { products: 'tf32' }, 1, 2 ** -130, -(2 ** -140))).toEqual([0, 2 ** -136, 2 ** -140]);
    expect(lossOf('f32', { products: 'tf32', flushToZero: true }, 2 ** -130)).toEqual([2 ** -130]);
    expect(operandCut(resolveNumeric('f32', { products: 'tf32' }))).toBe(2 ** -136);
    expect(operandCut(resolveNumeric('f32'))).toBe(0);
  });
});
