import { contiguousData, type Tensor } from '../../tensor/tensor.js';
import { areaOf } from '../compile/area.js';
import type { CompiledMask } from '../compile/compiled-mask.js';
import { listRuns } from './flip.js';

/** Mask of a boolean tensor [b or 1, heads or 1, m or 1, n]. @throws {RangeError} for a misfit. */
export function maskFromDense(dense: Tensor, { b, heads, m, n }: Pick<CompiledMask, 'b' | 'heads' | 'm' | 'n'>): CompiledMask {
  const { shape } = dense;
  const fits = shape.length === 4 && shape[3] === n && [b, heads, m].every((size, axis) => shape[axis] === 1 || shape[axis] === size);
  if (!fits) throw new RangeError(`is [${shape}], must be [${b} or 1, ${heads} or 1, ${m} or 1, ${n}]`);
  const cells = contiguousData(dense);
  const place = (batch: number, head: number, query: number) => {
    const along = [batch, head, query].map((index, axis) => (shape[axis] === 1 ? 0 : index));
    return ((along[0] * shape[1] + along[1]) * shape[2] + along[2]) * n;
  };
  const mask: CompiledMask = {
    b,
    heads,
    m,
    n,
    perBatch: shape[0] > 1,
    perHead: shape[1] > 1,
    visible: (batch, head, query, key) => cells[place(batch, head, query) + key] !== 0,
    runs: (batch, head, query, out) => {
      const row = place(batch, head, query);
      return listRuns(n, (key) => cells[row + key] !== 0, out);
    },
    scans: () => true,
    area: () => areaOf(mask),
    tables: {},
  };
  return mask;
}
