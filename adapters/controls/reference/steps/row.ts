import type { Numbers } from '../arithmetic/arithmetic.js';
import type { SoftmaxProblem } from '../problem/softmax-problem.js';

/** Query row, with a list of its keys. */
export interface Row {
  b: number;
  h: number;
  i: number;
  readonly keys: Int32Array;
  count: number;
  readonly scores: Numbers;
  readonly slopes: Numbers;
}

/** Makes a row with one more key than needed: reads out of bounds slow down all loops. */
export function createRow(keys: number): Row {
  const room = keys + 1;
  return { b: 0, h: 0, i: 0, keys: new Int32Array(room), count: 0, scores: new Float64Array(room), slopes: new Float64Array(room) };
}

/** Sets the indices of row r of [b, heads, m]. */
export function placeRow(p: SoftmaxProblem, row: Row, r: number): void {
  row.i = r % p.m;
  row.h = Math.floor(r / p.m) % p.heads;
  row.b = Math.floor(r / (p.m * p.heads));
}
