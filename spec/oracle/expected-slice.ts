import type { Expected } from './problem.js';

/** Some rows of an output as they are expected. */
export interface ExpectedSlice {
  readonly output: string;
  /** Index of each row among all rows of the output. */
  readonly rows: Int32Array;
  /** Numbers of a row, and, as [rows, width], what they are. */
  readonly width: number;
  readonly expected: Expected;
  /** 1 for each of the rows that belongs to a query without keys. */
  readonly empty?: Uint8Array;
}

/** Rows of a slice. */
export const SLICE = 2 ** 12;

/** The first rows of an output that was made for more. */
export function firstRows({ value, bound }: Expected, rows: number, width: number): Expected {
  return { shape: [rows, width], value: value.subarray(0, rows * width), bound: bound.subarray(0, rows * width) };
}
