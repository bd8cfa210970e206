import type { Numbers } from '../../reference/arithmetic/arithmetic.js';

/** Rows of `depth` numbers in which those after the last multiple of `width` are zero, where there is a multiple. */
export function headTailLost(rows: Numbers, depth: number, width: number): Numbers {
  return depth < width ? rows : columnsFrom(rows, depth, depth - (depth % width));
}

/** Rows of `depth` numbers, zero from a column on. */
export function columnsFrom(rows: Numbers, depth: number, column: number): Numbers {
  return rows.map((x, at) => (at % depth < column ? x : 0));
}
