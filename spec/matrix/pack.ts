/** Copies matrices into panels for the loops. Rows of `width` elements begin at `from`. */

/** The next multiple of 4. */
export function padded(count: number): number {
  return (count + 3) & ~3;
}

/** Writes panels of four columns, padded with zeros. @param length rows of a panel. */
export function packColumns(
  out: Float64Array,
  at: number,
  data: Float64Array,
  from: number,
  rows: number,
  width: number,
  length: number,
): void {
  if (rows < length || width % 4) out.fill(0, at, at + padded(width) * length);
  for (let x = 0; x < width; x += 4) {
    const panel = at + x * length;
    const columns = Math.min(4, width - x);
    for (let j = 0; j < rows; j++) for (let y = 0; y < columns; y++) out[panel + 4 * j + y] = data[from + j * width + x + y];
  }
}

/** Writes panels of four rows, as columns of the transpose. @param length padded number of rows. */
export function packRows(
  out: Float64Array,
  at: number,
  data: Float64Array,
  from: number,
  rows: number,
  width: number,
  length: number,
): void {
  if (rows < length) out.fill(0, at + (rows & ~3) * width, at + length * width);
  for (let j = 0; j < rows; j++) {
    const panel = at + (j >> 2) * 4 * width + (j & 3);
    for (let x = 0; x < width; x++) out[panel + 4 * x] = data[from + j * width + x];
  }
}
