import type { Numbers } from '../../reference/arithmetic/arithmetic.js';

/** Zeroes columns after the last multiple of `width` in rows of `depth` ≥ `width` numbers. */
export function headTailLost(rows: Numbers, depth: number, width: number): Numbers {
  return depth < width ? rows : columnsFrom(rows, depth, depth - (depth % width));
}

/** Zeroes columns from `column` on in rows of `depth` numbers. */
export function columnsFrom(rows: Numbers, depth: number, column: number): Numbers {
  return rows.map((x, at) => (at % depth < column ? x : 0));
}
