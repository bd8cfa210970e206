import type { Float64Tensor } from '../tensor/tensor-rows.js';
import { forRows } from '../tensor/tensor-rows.js';
import type { SoftmaxRow } from './softmax-row.js';

/** Marks each row in which do or dlse is not all zero. */
export function activeRows(dOut: Float64Tensor, dLse: Float64Array | undefined, rows: number): Uint8Array {
  const width = dOut.shape[dOut.shape.length - 1];
  const active = new Uint8Array(rows);
  if (dLse) for (let row = 0; row < rows; row++) active[row] = Number(dLse[row] !== 0);
  forRows(dOut, (values, first) => {
    for (let at = 0, row = first; at < values.length; at += width, row++) {
      for (let x = at; !active[row] && x < at + width; x++) active[row] = Number(values[x] !== 0);
    }
  });
  return active;
}

/** Counts the active rows of each key head [b, hk]. */
export function countByKeyHead(active: Uint8Array, row: Pick<SoftmaxRow, 'm' | 'heads' | 'keyHead'>, b: number, hk: number): Int32Array {
  const counts = new Int32Array(b * hk);
  for (let at = 0; at < active.length; at++) {
    const head = Math.floor(at / row.m);
    counts[Math.floor(head / row.heads) * hk + row.keyHead(head % row.heads)] += active[at];
  }
  return counts;
}
