import { expect } from 'vitest';

/** Largest |actual − expected| ÷ max(1, |expected|); a NaN is at distance 0 from a NaN, everything else is infinitely far from it. */
export function distance(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  let worst = 0;
  for (let at = 0; at < expected.length; at++) {
    if (Object.is(actual[at], expected[at])) continue;
    const error = Math.abs(actual[at] - expected[at]) / Math.max(1, Math.abs(expected[at]));
    worst = Math.max(worst, Number.isNaN(error) ? Infinity : error);
  }
  return worst;
}
