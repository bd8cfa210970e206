import type { Tensors } from '../../../spec/tensor/tensor.js';
import type { Case } from '../../../spec/types/documents.js';
import { maskLevel } from '../picture-levels.js';
import type { Picture } from '../site-data.js';
import { drawGrid } from './grid.js';
import { planeOf } from './plane.js';

/**
 * Draws the keys that each query saw in `visibility`: column x of V is non-zero at one key, and
 * column x of o in rows that see this key.
 */
export function readoutPicture(c: Case, inputs: Tensors, actual: Tensors, b: number, h: number): Picture | undefined {
  const { m, n } = c.dims;
  const blhd = c.layout === 'blhd';
  // 1 seen, 0 not seen, NaN not read
  const seen = new Float64Array(m * n).fill(Number.NaN);
  let read = false;
  for (const [name, outputs] of Object.entries(actual)) {
    const prefix = /^(\d+\.|)o$/.exec(name)?.[1];
    const values = prefix === undefined ? undefined : inputs[`${prefix}v`];
    const v = values && planeOf(values, b, Math.floor(h / c.dims.g), blhd);
    const o = planeOf(outputs, b, h, blhd);
    if (!v || !o || v.rows !== n || o.rows !== m || v.columns !== o.columns) continue;
    for (let x = 0; x < v.columns; x++) {
      const key = keyOf(v.values, n, v.columns, x);
      if (key === undefined) continue;
      read = true;
      for (let i = 0; i < m; i++) seen[i * n + key] = o.values[i * o.columns + x] !== 0 ? 1 : 0;
    }
  }
  if (!read) return undefined;
  const share = (top: number, bottom: number, left: number, right: number) => {
    let [count, known] = [0, 0];
    for (let i = top; i < bottom; i++) {
      for (let j = left; j < right; j++) {
        if (Number.isNaN(seen[i * n + j])) continue;
        known++;
        count += seen[i * n + j];
      }
    }
    return known === 0 ? ' ' : maskLevel(count / known);
  };
  return { kind: 'mask', title: 'Mask read out of the kernel', down: 'query', across: 'key', ...drawGrid(m, n, share) };
}

/** Returns the only key at which this column is not 0. */
function keyOf(values: Float64Array, n: number, columns: number, x: number): number | undefined {
  const keys = Array.from({ length: n }, (_, key) => key).filter((key) => values[key * columns + x] !== 0);
  return keys.length === 1 ? keys[0] : undefined;
}
