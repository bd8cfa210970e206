import type { Expected } from '../problem.js';

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

/** Rows that are computed, and judged, together. */
export abstract class RowSlice {
  /** 1 for each of the rows that belongs to a query without keys. */
  readonly empty: Uint8Array;
  private readonly rows: number[] = [];

  /** @param size rows that it has room for. */
  constructor(private readonly size = SLICE) {
    this.empty = new Uint8Array(size);
  }

  hasRoom(rows: number): boolean {
    return this.rows.length + rows <= this.size;
  }

  /** Returns the place of one row more. @param row index among all rows of the output. */
  add(row: number): number {
    return this.rows.push(row) - 1;
  }

  /** Finishes the outputs of the rows; a slice without rows has none. */
  *slices(): Generator<ExpectedSlice> {
    const { length } = this.rows;
    if (length > 0) yield* this.finished(Int32Array.from(this.rows), this.empty.subarray(0, length));
  }

  protected abstract finished(rows: Int32Array, empty: Uint8Array): Generator<ExpectedSlice>;
}

/** Slices that rows are placed in, one after the other. */
export class PlacedRows<S extends RowSlice> {
  /** Slice of the row that was placed last. */
  slice: S;

  constructor(private readonly begin: () => S) {
    this.slice = begin();
  }

  /** Yields what is full, and returns the place of one row more. @param row index among all rows of the output. */
  *add(row: number): Generator<ExpectedSlice, number> {
    if (!this.slice.hasRoom(1)) {
      yield* this.slice.slices();
      this.slice = this.begin();
    }
    return this.slice.add(row);
  }
}
