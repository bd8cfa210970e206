import { contiguousData, type Tensor, type Tensors, tensor, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Call, Outputs } from '../../kernel.js';

/**
 * Runs a paged call: copies new tokens to their slots, then calls each batch entry with b = 1, all
 * pages [pages, page, hk, d|e] as k and v, and a block_table [maxPages].
 */
export async function pagedForward(call: Call, forward: (entry: Call) => Promise<Outputs>): Promise<Outputs> {
  const { k_new, v_new, cache_lengths, ...tensors } = call.tensors;
  const lengths = Int32Array.from(cache_lengths.data, (length) => length + (k_new ? call.case.dims.m : 0));
  const k_pages = appended(tensors.k_pages, k_new, tensors.block_table, lengths);
  const v_pages = appended(tensors.v_pages, v_new, tensors.block_table, lengths);
  const entries: Outputs[] = [];
  for (let b = 0; b < call.case.dims.b; b++) {
    entries.push(await forward(entryCall(call, b, { ...tensors, k: k_pages, v: v_pages }, lengths[b])));
  }
  return { o: joined(entries, 'o'), lse: joined(entries, 'lse'), ...(k_new && { k_pages, v_pages }) };
}

function entryCall({ case: { history: _, ...c } }: Call, b: number, tensors: Tensors, n: number): Call {
  const own = (t: Tensor): Tensor => ({ ...t, shape: [1, ...t.shape.slice(1)], offset: t.offset + b * t.strides[0] });
  return {
    case: { ...c, dims: { ...c.dims, b: 1, n } },
    tensors: { ...tensors, q: own(tensors.q), block_table: own(tensors.block_table) },
  };
}

/** Copies pages, with rows [b, hk, t, width] at the last t positions of the new lengths. */
function appended(pages: Tensor, rows: Tensor | undefined, table: Tensor, lengths: Int32Array): Tensor {
  if (!rows) return pages;
  const [, page, hk, width] = pages.shape;
  const [, , t] = rows.shape;
  const data = contiguousData(pages).slice();
  const from = contiguousData(rows);
  lengths.forEach((length, b) => {
    for (let i = 0; i < t; i++) {
      const position = length - t + i;
      const slot = table.data[b * table.shape[1] + Math.floor(position / page)] * page + (position % page);
      for (let h = 0; h < hk; h++) {
        const at = ((b * hk + h) * t + i) * width;
        data.set(from.subarray(at, at + width), (slot * hk + h) * width);
      }
    }
  });
  return tensor(pages.dtype, pages.shape, data);
}

function joined(entries: readonly Outputs[], name: 'o' | 'lse'): Tensor {
  const [{ [name]: first }] = entries;
  const values = entries.flatMap((outputs) => [...valuesOf(outputs[name])]);
  return tensorOf(first.dtype, [entries.length, ...first.shape.slice(1)], values);
}
