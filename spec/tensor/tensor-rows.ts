import { sizeOf } from './tensor.js';

const CHUNK = 2 ** 14;

/** Reads rows along the last axis of a tensor that is not in memory. */
export interface RowReader {
  read(first: number, count: number, out: Float64Array, at: number): void;
}

/** Tensor in float64, row-major. */
export interface Float64Tensor {
  readonly shape: readonly number[];
  readonly data: Float64Array;
  /** Reads rows without loading `data`; absent if `data` is in memory. */
  readonly rows?: RowReader;
  readonly bound?: Float64Array;
}

/** Writes rows [first, first + count) of `width` elements to `out` at `at`. */
export function readRows(tensor: Float64Tensor, first: number, count: number, width: number, out: Float64Array, at: number): void {
  if (tensor.rows) tensor.rows.read(first, count, out, at);
  else copy(tensor.data, first * width, out, at, count * width);
}

function copy(data: Float64Array, from: number, out: Float64Array, at: number, count: number): void {
  for (let x = 0; x < count; x++) out[at + x] = data[from + x];
}

/** Visits all rows of a tensor in chunks. @param first index of a chunk's first row. */
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

const [ROWS, CHUNKS] = [64, 16];

/** Caches rows in float64, for readers that go through them in order. */
export class KeptRows {
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

  /** Offset of a row in `data`, until another row is read. */
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
