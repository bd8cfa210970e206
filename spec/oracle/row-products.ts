/** Σ x·k and Σ |x·k| of one row x and many keys: in `numbers`, at the offsets of the row and the column of the key. */
export interface RowProducts {
  readonly numbers: Float64Array;
  readonly sum: number;
  readonly absolute: number;
  readonly column: Int32Array;
}

/** Copies the products of the keys of a row, `count` of them, and their magnitudes. */
export function takeProducts(
  { numbers, sum, absolute, column }: RowProducts,
  key: Int32Array,
  count: number,
  sums: Float64Array,
  magnitudes: Float64Array,
): void {
  const first = count > 0 ? column[key[0]] : 0;
  if (count > 0 && column[key[count - 1]] - first === count - 1) {
    // no key between them is hidden
    sums.set(numbers.subarray(sum + first, sum + first + count));
    magnitudes.set(numbers.subarray(absolute + first, absolute + first + count));
    return;
  }
  for (let c = 0; c < count; c++) {
    const at = column[key[c]];
    sums[c] = numbers[sum + at];
    magnitudes[c] = numbers[absolute + at];
  }
}
