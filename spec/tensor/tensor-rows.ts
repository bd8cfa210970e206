import { sizeOf } from './tensor.js';

/** Numbers that are read at a time. */
const CHUNK = 2 ** 14;

/** Reads rows of a tensor, as long as its last axis, whose numbers are not all in memory in float64. */
export interface RowReader {
  /** Writes rows [first, first + count) to `out` from `at` on. */
  read(first: number, count: number, out: Float64Array, at: number): void;
}

/** Tensor in float64, row-major. */
export interface Float64Tensor {
  readonly shape: readonly number[];
  readonly data: Float64Array;
  /** Reads rows without `data`, which is then made when it is first asked for. If absent, `data` is in memory. */
  readonly rows?: RowReader;
  /** Error bound of each element, if the tensor is computed. */
  readonly bound?: Float64Array;
}

/** Writes rows [first, first + count) of a tensor, each `width` long, to `out` from `at` on. */
export function readRows(tensor: Float64Tensor, first: number, count: number, width: number, out: Float64Array, at: number): void {
  if (tensor.rows) tensor.rows.read(first, count, out, at);
  else copy(tensor.data, first * width, out, at, count * width);
}

function copy(data: Float64Array, from: number, out: Float64Array, at: number, count: number): void {
  for (let x = 0; x < count; x++) out[at + x] = data[from + x];
}

/** Calls `visit` with all rows of a tensor, some whole rows at a time. @param first index of the first of them. */
export function forRows(tensor: Float64Tensor, visit: (rows: Float64Array, first: number) => void): void {
  const { rows, shape } = tensor;
  if (!rows) {
    visit(tensor.data, 0);
    return;
  }
  const width = shape[shape.length - 1];
  const all = width === 0 ? 0 : sizeOf(shape) / width;
  const step = Math.max(1, Math.floor(CHUNK / Math.max(1, width)));
  const chunk = new Float64Array(step * width);
  for (let first = 0; first < all; first += step) {
    const count = Math.min(step, all - first);
    rows.read(first, count, chunk, 0);
    visit(chunk.subarray(0, count * width), first);
  }
}

/** Rows that are read together, and such chunks that are kept. */
const [ROWS, CHUNKS] = [64, 16];

/** Reads single rows of a tensor in float64, of which it keeps some: for readers that each go through the rows in order, forwards or backwards. */
export class KeptRows {
  /** Numbers of the rows that are kept. */
  readonly data: Float64Array;
  private readonly chunks = new Int32Array(CHUNKS).fill(-1);
  private readonly rows: number;

  constructor(
    private readonly tensor: Float64Tensor,
    private readonly width: number,
  ) {
    this.rows = sizeOf(tensor.shape) / width;
    this.data = tensor.rows ? new Float64Array(ROWS * CHUNKS * width) : tensor.data;
  }

  /** Returns where a row begins in `data`, until another row is read. */
  at(row: number): number {
    const { tensor, width } = this;
    if (!tensor.rows) return row * width;
    const chunk = Math.floor(row / ROWS);
    const place = chunk % CHUNKS;
    if (this.chunks[place] !== chunk) {
      const first = chunk * ROWS;
      tensor.rows.read(first, Math.min(ROWS, this.rows - first), this.data, place * ROWS * width);
      this.chunks[place] = chunk;
    }
    return (place * ROWS + (row % ROWS)) * width;
  }
}
