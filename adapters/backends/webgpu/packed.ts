import { contiguous, type Tensor, tensor, transpose } from '../../../spec/tensor/tensor.js';
import type { Case } from '../../../spec/types/documents.js';

/** Words of a row in the table of packed documents. */
export const wordsOfRow = 3;

/** I32 [m, 3]: first key and end of a query's document, and its position minus its index. */
export function rowsOfDocuments(cuQueries: Tensor, cuKeys: Tensor, m: number): Tensor {
  const table = new Int32Array(m * wordsOfRow);
  const [queries, keys] = [cuQueries.data as Int32Array, cuKeys.data as Int32Array];
  for (let x = 0; x + 1 < queries.length; x++) {
    for (let i = queries[x]; i < queries[x + 1]; i++) table.set([keys[x], keys[x + 1], keys[x + 1] - queries[x + 1]], i * wordsOfRow);
  }
  return tensor('i32', [m, wordsOfRow], table);
}

/** Converts packed sequences [l, h, d] to [1, h, l, d]. */
export function withHeadsFirst(t: Tensor, { packed }: Case): Tensor {
  if (!packed) return t;
  const { shape, strides } = t;
  return transpose({ ...t, shape: [1, ...shape], strides: [0, ...strides] }, [0, 2, 1, 3]);
}

/** Converts outputs [1, h, l, d] to [l, h, d], and lse [1, h, l] to [h, l]. */
export function asPacked(name: string, t: Tensor): Tensor {
  if (name === 'dsink' || name === 'dalibi') return t;
  const rows = t.shape.length === 4 ? contiguous(transpose(t, [0, 2, 1, 3])) : t;
  return tensor(t.dtype, rows.shape.slice(1), rows.data);
}
