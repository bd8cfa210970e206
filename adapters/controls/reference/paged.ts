import { allocate, type TensorData } from '../../../spec/tensor/dtype.js';
import { contiguousData, type Tensor, type Tensors, tensor } from '../../../spec/tensor/tensor.js';
import type { Call } from '../../kernel.js';
import { orderOf } from './layout.js';
import type { SoftmaxOutputs } from './softmax-problem.js';

/** A cache in pages, and what a call finds in it: t new tokens of each batch entry are appended, where they come along. */
export interface PagedCache {
  /** Slots of a page. */
  readonly page: number;
  /** Table of pages, [b, maxPages]. */
  readonly table: TensorData;
  readonly maxPages: number;
  /** Tokens before the call, [b]. */
  readonly lengths: TensorData;
  /** New tokens of each entry. */
  readonly tokens: number;
}

/** The slot of an entry's position, counted over all pages. */
export function keySlot({ page, table, maxPages }: PagedCache, b: number, position: number): number {
  return table[b * maxPages + Math.floor(position / page)] * page + (position % page);
}

/** Where new token i of an entry goes: behind those that are there. −1: nowhere. */
export function appendSlot(cache: PagedCache, b: number, i: number, _tensor: 'k' | 'v'): number {
  return keySlot(cache, b, cache.lengths[b] + i);
}

/** The slots of an entry's keys, in the order in which they are read: all tokens, new ones too. */
export function keySlots(cache: PagedCache, b: number): number[] {
  return Array.from({ length: cache.lengths[b] + cache.tokens }, (_, position) => keySlot(cache, b, position));
}

/** The steps of a call on pages. */
export interface Paging {
  readonly appendSlot: typeof appendSlot;
  readonly keySlots: typeof keySlots;
}

/** o [b, heads, t, e] and lse [b, heads, t], each batch entry a problem of its own; and the pages with the new tokens, where they came along. */
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

/** Without new tokens the lengths count those of the call: they lie in the pages. */
function readCache({ case: c, tensors: { k_pages, block_table, cache_lengths, k_new } }: Call): PagedCache {
  const tokens = k_new ? c.dims.m : 0;
  return { page: k_pages.shape[1], table: block_table.data, maxPages: block_table.shape[1], lengths: cache_lengths.data, tokens };
}

function inHeadOrder({ case: c }: Call, rows: Tensor): Tensor {
  const order = orderOf(c.layout);
  return { ...rows, shape: order.map((axis) => rows.shape[axis]), strides: order.map((axis) => rows.strides[axis]) };
}

/** A copy of the pages [pages, page, hk, width] with rows [b, hk, t, width] in their slots. */
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

/** One batch entry as a call by itself, layout bhld, with its keys out of their slots. */
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

/** Rows of pages [pages, page, hk, width] as [1, hk, slots, width]. */
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
