import { expect } from 'vitest';

/** The largest difference between two lists of numbers; NaN where only one has it. Equal infinities differ by nothing. */
export function distance(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  let most = 0;
  for (let at = 0; at < expected.length; at++)
    if (!Object.is(actual[at], expected[at])) most = Math.max(most, Math.abs(actual[at] - expected[at]));
  return most;
}
