import fc from 'fast-check';
import { expect, it } from 'vitest';
import { relativeError } from '../../../spec/numeric/relative-error.js';

it('is never below exp(e) − 1, and above it by less than e³ and a rounding', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 2 ** -12, noNaN: true }), (e) => {
      const exact = Math.expm1(e);
      expect(relativeError(e)).toBeGreaterThanOrEqual(exact * (1 - 2 ** -52));
      expect(relativeError(e) - exact).toBeLessThanOrEqual(e ** 3 + exact * 2 ** -51);
    }),
  );
  expect(relativeError(Infinity)).toBe(Infinity);
});
