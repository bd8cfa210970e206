import { memoised } from '../lib/memoised.js';
import type { Focus } from '../problem.js';
import type { Float64Tensor } from '../tensor/tensor-rows.js';
import { forRows } from '../tensor/tensor-rows.js';

/**
 * Times the weight of the other keys: once each for numerator and denominator, as much for their
 * roundings, |fl(x + y) − (x + y)| ≤ min(|x|, |y|), before and after the target; twice all that for
 * products that cut terms far below the largest one.
 */
export const OTHERS = 8;

/** Weights of the other keys per row [b, hk·g, m], NaN for empty rows, for the backward pass. */
export const knownOthers = new WeakMap<Focus, Float64Array>();

const scratch = new Int32Array(2 ** 10);

/** Intersects runs [start, end) with a row's focus, in place; returns their number. */
export function runsInFocus({ width, period, block }: Focus, row: number, runs: Int32Array, count: number): number {
  let found = 0;
  if (count === 0 || block[row] < 0) return count;
  const end = runs[2 * count - 1];
  let run = 0;
  for (let first = (block[row] % period) * width; first < end; first += period * width) {
    while (run < count && runs[2 * run + 1] <= first) run++;
    for (let x = run; x < count && runs[2 * x] < first + width; x++) {
      scratch[2 * found] = Math.max(first, runs[2 * x]);
      scratch[2 * found++ + 1] = Math.min(first + width, runs[2 * x + 1]);
    }
  }
  for (let x = 0; x < 2 * found; x++) runs[x] = scratch[x];
  return found;
}

/** Largest magnitude in a tensor. */
export const largestOf = memoised((tensor: Float64Tensor): number => {
  let most = 0;
  forRows(tensor, (rows) => {
    most = Math.max(most, largest(rows));
  });
  return most;
});

/** Largest sum of squares of a row of `width` elements. */
export function longestOf(tensor: Float64Tensor, width: number): number {
  let most = 0;
  forRows(tensor, (rows) => {
    most = Math.max(most, longest(rows, width));
  });
  return most;
}

/** Largest sum of squares of a row. */
export function longest(values: Float64Array, width: number): number {
  let most = 0;
  for (let at = 0; at < values.length; at += width) {
    let sum = 0;
    for (let x = 0; x < width; x++) sum += values[at + x] * values[at + x];
    if (sum > most) most = sum;
  }
  return most;
}

/** Largest magnitude. */
export function largest(values: Float64Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) if (Math.abs(values[i]) > most) most = Math.abs(values[i]);
  return most;
}
