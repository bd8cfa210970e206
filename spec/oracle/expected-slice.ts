import type { Expected } from '../problem.js';

/** Expected values of some rows of an output. */
export interface ExpectedSlice {
  readonly output: string;
  /** Index of each row among all rows of the output. */
  readonly rows: Int32Array;
  readonly width: number;
  readonly expected: Expected;
  /** 1 for each row of a query without keys. */
  readonly empty?: Uint8Array;
}

/** Rows of a slice. */
export const SLICE = 2 ** 12;

/** First rows of a larger buffer. */
export function firstRows({ value, bound }: Expected, rows: number, width: number): Expected {
  return { shape: [rows, width], value: value.subarray(0, rows * width), bound: bound.subarray(0, rows * width) };
}

/** Rows that are computed and judged together. */
export abstract class RowSlice {
  readonly empty: Uint8Array;
  private readonly rows: number[] = [];

  constructor(private readonly size = SLICE) {
    this.empty = new Uint8Array(size);
  }

  hasRoom(rows: number): boolean {
    return this.rows.length + rows <= this.size;
  }

  /** Adds a row and returns its slot. @param row index among all rows of the output. */
  add(row: number): number {
    return this.rows.push(row) - 1;
  }

  *slices(): Generator<ExpectedSlice> {
    const { length } = this.rows;
    if (length > 0) yield* this.finished(Int32Array.from(this.rows), this.empty.subarray(0, length));
  }

  protected abstract finished(rows: Int32Array, empty: Uint8Array): Generator<ExpectedSlice>;
}

/** Slices filled one after the other. */
export class PlacedRows<S extends RowSlice> {
  slice: S;

  constructor(private readonly begin: () => S) {
    this.slice = begin();
  }

  /** Yields a full slice, then adds a row and returns its slot. */
  *add(row: number): Generator<ExpectedSlice, number> {
    if (!this.slice.hasRoom(1)) {
      yield* this.slice.slices();
      this.slice = this.begin();
    }
    return this.slice.add(row);
  }
}
