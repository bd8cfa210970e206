import { areaOf } from '../../../spec/mask/compile/area.js';
import type { CompiledMask } from '../../../spec/mask/compile/compiled-mask.js';
import { contiguousData, type Tensor } from '../../../spec/tensor/tensor.js';

/** Compiles a dense mask BOOL [b or 1, heads or 1, m or 1, n], where true keeps a key. */
export function denseMask(t: Tensor, sizes: Pick<CompiledMask, 'b' | 'heads' | 'm' | 'n'>): CompiledMask {
  const data = contiguousData(t);
  const [batches, heads, rows, n] = t.shape;
  const at = (index: number, size: number) => (size === 1 ? 0 : index);
  const startOf = (b: number, h: number, i: number) => ((at(b, batches) * heads + at(h, heads)) * rows + at(i, rows)) * n;
  const mask: CompiledMask = {
    ...sizes,
    perBatch: batches > 1,
    perHead: heads > 1,
    tables: {},
    visible: (b, h, i, j) => data[startOf(b, h, i) + j] !== 0,
    area: () => areaOf(mask),
    runs(b, h, i, out) {
      const start = startOf(b, h, i);
      let count = 0;
      for (let j = 0; j < n; j++) {
        if (data[start + j] === 0) continue;
        out[2 * count] = j;
        while (j < n && data[start + j] !== 0) j++;
        out[2 * count++ + 1] = j;
      }
      return count;
    },
  };
  return mask;
}
