import { describe, expect, it } from 'vitest';
import { tensor } from '../../../../../spec/tensor/tensor.js';
import type { Case } from '../../../../../spec/types/documents.js';
import { factorHint } from '../../../../../suites/diagnosis/hints/signs/factor.js';

/** Gradients of n keys, each of two channels, that come out with the other sign. */
function negated(output: string, n: number): string | undefined {
  const shape = [1, 1, n, 2];
  const value = Float64Array.from({ length: 2 * n }, (_, at) => (at % 2 === 0 ? 1 : -1) * (at + 1));
  const comparand = {
    output,
    class: 'gradient',
    actual: tensor(
      'f64',
      shape,
      value.map((x) => -x),
    ),
    expected: { shape, value, bound: new Float64Array(2 * n).fill(1e-9) },
    flushToZero: false,
  };
  return factorHint(comparand, c(n));
}

const c = (n: number): Case => ({
  operator: 'softmax',
  dims: { b: 1, hk: 1, g: 1, m: 1, n, d: 2, e: 2 },
  mask: { name: 'full' },
  options: {},
  dtype: 'f64',
  layout: 'bhld',
  values: { distribution: 'normal', seed: 0 },
});

describe('a constant factor', () => {
  it('is named', () => {
    expect(negated('dk', 3)).toBe('every element of dk is −1 times the expected value');
    expect(negated('dv', 2)).toBe('every element of dv is −1 times the expected value');
  });

  it('is not said of values that are as well off by the same amount', () => {
    const shape = [1, 1, 6];
    const value = Float64Array.from({ length: 6 }, (_, at) => 10 + at * 1e-4);
    const lost = (x: number) => x + Math.log(0.99);
    const expected = { shape, value, bound: new Float64Array(6).fill(1e-5) };
    const comparand = { output: 'lse', class: 'lse', actual: tensor('f64', shape, value.map(lost)), expected, flushToZero: false };
    expect(factorHint(comparand, c(6))).toBeUndefined();
  });

  it('of −1 is not said of the keys of two, which are exchanged as well', () => {
    expect(negated('dk', 2)).toBeUndefined();
  });
});
