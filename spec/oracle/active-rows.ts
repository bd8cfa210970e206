import type { SoftmaxRow } from './softmax-row.js';

/**
 * Marks with 1 each row in which do or dlse is not all zero.
 * @param rows number of rows.
 */
export function activeRows(dOut: Float64Array, dLse: Float64Array | undefined, rows: number): Uint8Array {
  const width = dOut.length / rows;
  const active = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    let some = dLse !== undefined && dLse[row] !== 0;
    for (let at = row * width; !some && at < (row + 1) * width; at++) some = dOut[at] !== 0;
    active[row] = Number(some);
  }
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
