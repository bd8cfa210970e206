import { allocate } from '../../../spec/tensor/dtype.js';
import { contiguousData, isShapeOnly, shapeOnly, type Tensor, tensor } from '../../../spec/tensor/tensor.js';
import { type AttentionState, emptyPartial } from '../blocks/attention-state.js';

/** Returns rows of [b, h, l, d], in the given order, as [b, h, rows, d]. */
export function chooseRows(t: Tensor, rows: Int32Array): Tensor {
  const [b, h, l, d] = t.shape;
  if (isShapeOnly(t)) return shapeOnly(t.dtype, [b, h, rows.length, d]);
  const from = contiguousData(t);
  const data = allocate(t.dtype, b * h * rows.length * d);
  for (let head = 0; head < b * h; head++) {
    rows.forEach((row, x) => {
      const at = (head * l + row) * d;
      data.set(from.subarray(at, at + d), (head * rows.length + x) * d);
    });
  }
  return tensor(t.dtype, [b, h, rows.length, d], data);
}

/** Adds terms [heads, rows, d] to rows of `into` [heads, l, d]. */
export function addRows(into: Float64Array, terms: ArrayLike<number>, rows: Int32Array, l: number, d: number): void {
  for (let head = 0, from = 0; from < terms.length; head++) {
    for (const row of rows) for (let c = 0; c < d; c++) into[(head * l + row) * d + c] += terms[from++];
  }
}

/** Expands a partial result [heads, rows] to [heads, l] with (0, −∞) in the other rows. */
export function spreadRows(chosen: AttentionState, rows: Int32Array, heads: number, l: number, e: number): AttentionState {
  if (chosen.lse.length === 0) return rows.length === 0 ? emptyPartial(heads * l, e) : chosen;
  const all = { o: new Float64Array(heads * l * e), lse: new Float64Array(heads * l).fill(-Infinity) };
  for (let head = 0; head < heads; head++) {
    rows.forEach((row, x) => {
      const at = head * rows.length + x;
      all.lse[head * l + row] = chosen.lse[at];
      all.o.set(chosen.o.subarray(at * e, (at + 1) * e), (head * l + row) * e);
    });
  }
  return all;
}
