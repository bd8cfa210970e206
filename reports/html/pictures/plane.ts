import { type Tensor, valuesOf } from '../../../spec/tensor/tensor.js';

/** Values of one head, rows × columns, row-major. */
export interface Plane {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

/** Returns a head of [b, h, rows, columns] ([b, rows, h, columns] if `blhd`) or [b, h, rows]. */
export function planeOf(t: Tensor, b: number, h: number, blhd = false): Plane | undefined {
  const { shape } = t;
  if (shape.length < 3 || shape.length > 4) return undefined;
  const swapped = blhd && shape.length === 4;
  const [batches, second, third, columns = 1] = shape;
  const [heads, rows] = swapped ? [third, second] : [second, third];
  if (b >= batches || h >= heads) return undefined;
  const all = valuesOf(t);
  const values = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const from = swapped ? ((b * rows + i) * heads + h) * columns : ((b * heads + h) * rows + i) * columns;
    values.set(all.subarray(from, from + columns), i * columns);
  }
  return { rows, columns, values };
}
