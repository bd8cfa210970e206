/** Σ x·k and Σ |x·k| of one row x: in `numbers`, at the row's offsets plus the key's column. */
export interface RowProducts {
  readonly numbers: Float64Array;
  readonly sum: number;
  readonly absolute: number;
  readonly column: Int32Array;
}

/** Copies a row's products with `count` keys, and their magnitudes. */
export function takeProducts(
  { numbers, sum, absolute, column }: RowProducts,
  key: Int32Array,
  count: number,
  sums: Float64Array,
  magnitudes: Float64Array,
): void {
  const first = count > 0 ? column[key[0]] : 0;
  if (count > 0 && column[key[count - 1]] - first === count - 1) {
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

/** Computes Σ q·k and Σ |q·k| of a row q and `count` keys; `kAt` is the head's offset in k. */
export function multiplyRow(
  q: Float64Array,
  k: Float64Array,
  kAt: number,
  key: Int32Array,
  count: number,
  sums: Float64Array,
  magnitudes: Float64Array,
): void {
  const d = q.length;
  for (let c = 0; c < count; c++) {
    const at = kAt + key[c] * d;
    let sum = 0;
    let absolute = 0;
    let x = 0;
    for (; x + 2 <= d; x += 2) {
      const p0 = q[x] * k[at + x];
      const p1 = q[x + 1] * k[at + x + 1];
      sum += p0 + p1;
      absolute += Math.abs(p0) + Math.abs(p1);
    }
    if (x < d) {
      const product = q[x] * k[at + x];
      sum += product;
      absolute += Math.abs(product);
    }
    sums[c] = sum;
    magnitudes[c] = absolute;
  }
}
