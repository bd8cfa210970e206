import { allocate, type TensorData } from '../../../../spec/tensor/dtype.js';
import { contiguousData, type Tensor, type Tensors, tensor } from '../../../../spec/tensor/tensor.js';
import type { Call } from '../../../kernel.js';
import { orderOf } from '../problem/layout.js';
import type { SoftmaxOutputs } from '../problem/softmax-problem.js';

/** Paged cache before a call. */
export interface PagedCache {
  readonly page: number;
  /** Page numbers, [b, maxPages]. */
  readonly table: TensorData;
  readonly maxPages: number;
  /** Number of tokens before the call, [b]. */
  readonly lengths: TensorData;
  readonly tokens: number;
}

/** Returns the slot of a position of a batch entry, counted over all pages. */
export function keySlot({ page, table, maxPages }: PagedCache, b: number, position: number): number {
  return table[b * maxPages + Math.floor(position / page)] * page + (position % page);
}

/** Returns the slot for new token i of a batch entry; −1 skips the token. */
export function appendSlot(cache: PagedCache, b: number, i: number, _tensor: 'k' | 'v'): number {
  return keySlot(cache, b, cache.lengths[b] + i);
}

/** Returns the slots of a batch entry's keys, new tokens included, in reading order. */
export function keySlots(cache: PagedCache, b: number): number[] {
  return Array.from({ length: cache.lengths[b] + cache.tokens }, (_, position) => keySlot(cache, b, position));
}

/** Steps of a paged call. */
export interface Paging {
  readonly appendSlot: typeof appendSlot;
  readonly keySlots: typeof keySlots;
}

/** Computes o [b, heads, t, e] and lse [b, heads, t], and pages with the new tokens appended. */
export function pagedForward(call: Call, paging: Paging, forward: (entry: Call) => SoftmaxOutputs): SoftmaxOutputs & { pages: Tensors } {
  const { k_pages, v_pages, k_new, v_new } = call.tensors;
  const cache = readCache(call);
  const append = (pages: Tensor, rows: Tensor, name: 'k' | 'v') =>
    appended(pages, inHeadOrder(call, rows), (b, i) => paging.appendSlot(cache, b, i, name));
  const pages = { k_pages: k_new ? append(k_pages, k_new, 'k') : k_pages, v_pages: v_new ? append(v_pages, v_new, 'v') : v_pages };
  const { b, hk, g, m, e } = call.case.dims;
  const o = new Float64Array(b * hk * g * m * e);
  const lse = new Float64Array(b * hk * g * m);
  for (let entry = 0; entry < b; entry++) {
    const own = forward(entryCall(call, entry, pages, paging.keySlots(cache, entry)));
    o.set(own.o, entry * own.o.length);
    lse.set(own.lse, entry * own.lse.length);
  }
  return { o, lse, pages: k_new ? pages : {} };
}

/** Reads the cache of a call. Without new tokens, the lengths already count all tokens. */
function readCache({ case: c, tensors: { k_pages, block_table, cache_lengths, k_new } }: Call): PagedCache {
  const tokens = k_new ? c.dims.m : 0;
  return { page: k_pages.shape[1], table: block_table.data, maxPages: block_table.shape[1], lengths: cache_lengths.data, tokens };
}

function inHeadOrder({ case: c }: Call, rows: Tensor): Tensor {
  const order = orderOf(c.layout);
  return { ...rows, shape: order.map((axis) => rows.shape[axis]), strides: order.map((axis) => rows.strides[axis]) };
}

/** Copies pages [pages, page, hk, width], with rows [b, hk, t, width] written to their slots. */
function appended(pages: Tensor, rows: Tensor, slotOf: (b: number, i: number) => number): Tensor {
  const [, , hk, width] = pages.shape;
  const data = contiguousData(pages).slice();
  const from = contiguousData(rows);
  const [b, , t] = rows.shape;
  for (let entry = 0; entry < b; entry++) {
    for (let i = 0; i < t; i++) {
      const slot = slotOf(entry, i);
      if (slot < 0) continue;
      for (let h = 0; h < hk; h++) {
        const at = ((entry * hk + h) * t + i) * width;
        data.set(from.subarray(at, at + width), (slot * hk + h) * width);
      }
    }
  }
  return tensor(pages.dtype, pages.shape, data);
}

/** Returns the call of one batch entry, in layout bhld, with gathered keys and values. */
function entryCall(
  { case: { history: _, ...c }, tensors }: Call,
  b: number,
  pages: { k_pages: Tensor; v_pages: Tensor },
  slots: readonly number[],
): Call {
  const order = orderOf(c.layout);
  const { q } = tensors;
  const own: Tensors = {
    q: {
      ...q,
      shape: [1, ...order.slice(1).map((axis) => q.shape[axis])],
      strides: order.map((axis) => q.strides[axis]),
      offset: q.offset + b * q.strides[0],
    },
    k: gathered(pages.k_pages, slots),
    v: gathered(pages.v_pages, slots),
  };
  for (const name of ['sink', 'alibi']) if (tensors[name]) own[name] = tensors[name];
  return { case: { ...c, dims: { ...c.dims, b: 1, n: slots.length }, layout: 'bhld' }, tensors: own };
}

/** Gathers slots of pages [pages, page, hk, width] as [1, hk, slots, width]. */
function gathered(pages: Tensor, slots: readonly number[]): Tensor {
  const [, , hk, width] = pages.shape;
  const data = allocate(pages.dtype, hk * slots.length * width);
  const from = contiguousData(pages);
  slots.forEach((slot, j) => {
    for (let h = 0; h < hk; h++) {
      const at = (slot * hk + h) * width;
      data.set(from.subarray(at, at + width), (h * slots.length + j) * width);
    }
  });
  return tensor(pages.dtype, [1, hk, slots.length, width], data);
}
