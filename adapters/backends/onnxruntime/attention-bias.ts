import { decodeAll } from '../../../spec/tensor/float-bits.js';
import { contiguousData, sizeOf, type Tensor, tensorOf } from '../../../spec/tensor/tensor.js';
import type { DType } from '../../../spec/types/documents.js';

/**
 * Sums biases and boolean masks to one additive tensor in `dtype`, −∞ at hidden cells.
 * @param terms [b|1, h|1, m|1, n]; a BOOL tensor hides cells that are false.
 */
export function attentionBias(dtype: DType, terms: readonly (Tensor | undefined)[]): Tensor | undefined {
  const given = terms.filter((t) => t !== undefined);
  if (given.length === 0) return undefined;
  if (given.length === 1 && given[0].dtype === dtype) return given[0];
  const shape = [0, 1, 2, 3].map((axis) => Math.max(...given.map((t) => t.shape[axis])));
  const values = new Float64Array(sizeOf(shape));
  for (const t of given) accumulate(values, shape, t);
  return tensorOf(dtype, shape, values);
}

function accumulate(values: Float64Array, shape: readonly number[], t: Tensor): void {
  const data = decodeAll(t.dtype, contiguousData(t));
  const [b, h, m, n] = shape;
  const [tb, th, tm] = t.shape;
  let at = 0;
  for (let x = 0; x < b; x++) {
    for (let y = 0; y < h; y++) {
      for (let i = 0; i < m; i++) {
        const row = (((x % tb) * th + (y % th)) * tm + (i % tm)) * n;
        for (let j = 0; j < n; j++, at++) {
          if (t.dtype !== 'bool') values[at] += data[row + j];
          else if (data[row + j] === 0) values[at] = -Infinity;
        }
      }
    }
  }
}
