import type { Values } from '../../reference/arithmetic/arithmetic.js';

/** Rows of `depth` numbers in which those after the last multiple of `width` are zero, where there is a multiple. */
export function headTailLost(rows: Values, depth: number, width: number): Values {
  return depth < width ? rows : columnsFrom(rows, depth, depth - (depth % width));
}

/** Rows of `depth` numbers, zero from a column on. */
export function columnsFrom(rows: Values, depth: number, column: number): Values {
  return rows.map((x, at) => (at % depth < column ? x : 0));
}
