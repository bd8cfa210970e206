import type { Arithmetic, Numbers } from '../arithmetic/arithmetic.js';

/** Running softmax of a row: its largest logit, and Σ exp(s − max). */
export interface RowSoftmax {
  max: number;
  sum: number;
}

/** Returns the largest of `max` and the first `count` scores. */
export function largest(scores: Numbers, count: number, max: number): number {
  for (let t = 0; t < count; t++) if (scores[t] > max) max = scores[t];
  return max;
}

/** Rescales a row's sum and output, e numbers from `at`, to a larger maximum. */
export function rescale(a: Arithmetic, row: RowSoftmax, max: number, o: Numbers, at: number, e: number): void {
  if (max === row.max) return;
  const factor = a.round(Math.exp(a.round(row.max - max)));
  row.sum = a.round(row.sum * factor);
  a.multiply(o, at, e, factor);
  row.max = max;
}

/** Adds the sink, a logit without a value that takes part in the maximum. */
export function addSink(a: Arithmetic, row: RowSoftmax, sink: number, o: Numbers, at: number, e: number, rescaleRow: typeof rescale): void {
  rescaleRow(a, row, Math.max(row.max, sink), o, at, e);
  row.sum = a.round(row.sum + a.round(Math.exp(a.round(sink - row.max))));
}

/** Divides the output by the sum; rows without visible keys stay 0. */
export function normalise(a: Arithmetic, row: RowSoftmax, o: Numbers, at: number, e: number): void {
  if (row.sum === 0) return;
  for (let c = at; c < at + e; c++) o[c] = a.round(o[c] / row.sum);
}

/** Natural logarithm of the sum of exponentials; −∞ for rows without visible keys. */
export function logSumExp(a: Arithmetic, row: RowSoftmax): number {
  return row.sum === 0 ? -Infinity : a.round(row.max + a.round(Math.log(row.sum)));
}
