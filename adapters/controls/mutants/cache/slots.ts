import { contiguousData, type Tensor, type Tensors, tensor, tensorOf } from '../../../../spec/tensor/tensor.js';
import type { Call } from '../../../kernel.js';
import { keySlot } from '../../reference/steps/paged.js';
import type { Fault } from '../lib/mutant.js';

/** Key of each position, [hk·d]. */
type Keys = readonly Tensor['data'][];

/** Minimum growth of a sequence to match its slot; changing one input never adds two tokens. */
const GROWN = 2;

/**
 * Reads kept keys of a batch slot instead of the cache if the sequence is at least GROWN tokens
 * longer and begins with half of them. A call with only new sequences clears the slots.
 */
export function keptBySlot(): Fault {
  const slots = new Map<number, Keys>();
  return {
    wrap: ({ forward }) => ({
      forward: async (call) => {
        const outputs = await forward(call);
        if (!call.tensors.k_pages) return outputs;
        const settled = afterAppend(call, outputs);
        const { k_pages } = settled.tensors;
        const pages = contiguousData(k_pages).slice();
        if (lengthsOf(settled).every((length) => length === call.case.dims.m)) slots.clear();
        let stale = false;
        for (let b = 0; b < call.case.dims.b; b++) {
          const places = placesOf(settled, b);
          const keys = places.map((at) => pages.slice(at, at + rowOf(k_pages)));
          const kept = slots.get(b) ?? [];
          const changed = seemsGrown(kept, keys) ? kept.flatMap((key, at) => (same(key, keys[at]) ? [] : [at])) : [];
          for (const at of changed) pages.set(kept[at], places[at]);
          stale ||= changed.length > 0;
          slots.set(b, keys);
        }
        if (!stale) return outputs;
        const read = { ...settled, tensors: { ...settled.tensors, k_pages: tensor(k_pages.dtype, k_pages.shape, pages) } };
        const { o, lse } = await forward(read);
        return { ...outputs, o, lse };
      },
    }),
  };
}

function afterAppend(call: Call, { k_pages, v_pages }: Tensors): Call {
  const { k_new, v_new: _, ...tensors } = call.tensors;
  if (!k_new) return call;
  const { dtype, shape, data } = tensors.cache_lengths;
  const lengths = tensorOf(
    dtype,
    shape,
    Float64Array.from(data, (length) => length + call.case.dims.m),
  );
  return { ...call, tensors: { ...tensors, k_pages, v_pages, cache_lengths: lengths } };
}

function placesOf({ tensors: { k_pages, block_table, cache_lengths } }: Call, b: number): number[] {
  const { data: lengths } = cache_lengths;
  const cache = { page: k_pages.shape[1], table: block_table.data, maxPages: block_table.shape[1], lengths, tokens: 0 };
  return Array.from({ length: lengths[b] }, (_, position) => keySlot(cache, b, position) * rowOf(k_pages));
}

function lengthsOf({ tensors: { cache_lengths } }: Call): number[] {
  return Array.from(cache_lengths.data, Number);
}

function rowOf({ shape: [, , hk, d] }: Tensor): number {
  return hk * d;
}

function seemsGrown(kept: Keys, keys: Keys): boolean {
  const half = Math.ceil(kept.length / 2);
  return half > 1 && keys.length >= kept.length + GROWN && kept.slice(0, half).every((key, at) => same(key, keys[at]));
}

function same(a: Tensor['data'], b: Tensor['data']): boolean {
  return a.every((x, at) => Object.is(x, b[at]));
}
