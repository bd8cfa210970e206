import { describe, expect, it } from 'vitest';
import { narrowStore, probabilityStore, resolveNumeric, withProbabilitiesInRange } from '../../../spec/numeric/profile.js';

describe('stored probabilities', () => {
  it('are in storage, or in bf16 beside fp8, unless a format of their own is declared', () => {
    expect(probabilityStore(resolveNumeric('f16'))).toMatchObject({ u: 2 ** -11, w: 2 ** -25 });
    expect(probabilityStore(resolveNumeric('f8e4m3'))).toMatchObject({ u: 2 ** -8 });
    for (const dtype of ['f32', 'bf16', 'f8e5m2'] as const) {
      const profile = resolveNumeric(dtype, { probabilities: 'f8e4m3' });
      expect(profile.probabilitiesStored).toBe(true);
      expect(probabilityStore(profile)).toEqual({ dtype: 'f8e4m3', u: 2 ** -4, w: 2 ** -10, max: 448 });
      expect(narrowStore(profile)).toEqual(narrowStore(resolveNumeric(dtype)));
    }
  });

  it('lose what is below the smallest normal number where subnormals are flushed', () => {
    expect(probabilityStore(resolveNumeric('bf16', { probabilities: 'f8e5m2', flushToZero: true })).w).toBe(2 ** -14);
  });

  it('lose less where they are scaled into the range of fp8; formats of 16 bits stay', () => {
    const lost = (probabilities: 'f8e4m3' | 'f8e5m2' | 'f16') =>
      probabilityStore(withProbabilitiesInRange(resolveNumeric('f32', { probabilities }))).w;
    expect([lost('f8e4m3'), lost('f8e5m2'), lost('f16')]).toEqual([2 ** -18, 2 ** -32, 2 ** -25]);
  });
});
