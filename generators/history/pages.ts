import type { Claims } from '../../spec/claims/claims.js';
import { hashOf } from '../../spec/hash.js';
import type { SpecLibrary } from '../../spec/library.js';
import type { CompiledMask } from '../../spec/mask/compile/compiled-mask.js';
import { raggedMask } from '../../spec/mask/views/ragged.js';
import { allocate, type DType, floatFormats } from '../../spec/tensor/dtype.js';
import { encode } from '../../spec/tensor/float-bits.js';
import { type Tensor, type Tensors, tensor } from '../../spec/tensor/tensor.js';
import type { Case } from '../../spec/types/documents.js';
import { segmentOf } from '../packed/mask.js';
import type { StoredInput } from '../values/inputs.js';
import { poisonValue } from '../values/poison.js';
import { inLayout } from '../values/view.js';
import type { AppendCall } from './cache.js';
import { gather, type HistoryCase, hasHistory, newTokens, tokensOf } from './inputs.js';
import { callOn } from './other-tables.js';
import { pageOf, play } from './play.js';

/** Tells whether the keys and values of the call lie in pages. */
export function isPaged(c: Case): c is HistoryCase {
  return hasHistory(c) && pageOf(c.history) > 0;
}

/** Mask of a call on pages: each batch entry has the case's mask over its own sequence. */
export function pagedMask(library: SpecLibrary, c: HistoryCase): CompiledMask {
  const { b, hk, g, m, n } = c.dims;
  // the number of keys of a sequence is the same whether the kernel or the caller appends them
  const segments = callOn(c, true).entries.map(({ sequence }, entry) => segmentOf(library, c, entry, [0, m], [0, sequence.length]));
  return raggedMask({ b, heads: hk * g, m, n }, segments);
}

/**
 * Tensors of a call on a paged cache: k_pages and v_pages [pages, page, hk, d or e], block_table I32 [b, maxPages], cache_lengths
 * I32 [b], and q in the case's layout. If the kernel appends, lengths and pages are those before the call, and k_new and v_new
 * [b, hk, t, ·] are added in the case's layout. Unused entries of the block table name arbitrary pages.
 */
export function pagedTensors(claims: Claims, c: HistoryCase, append: boolean): Tensors {
  const call = callOn(c, append);
  const { q, k, v, ...others } = tokensOf(claims, c, []);
  const latest = newTokens(call);
  const laid = (rows: StoredInput) => inLayout(plain(gather(rows, latest, call.tokens)), c.layout);
  const slots = append ? call.before : call.after;
  const tensors: Tensors = {
    q: laid(q),
    k_pages: inPages(c, k, slots, call),
    v_pages: inPages(c, v, slots, call),
    block_table: blockTable(c, call),
    cache_lengths: tensor(
      'i32',
      [call.entries.length],
      Int32Array.from(call.entries, ({ sequence }) => sequence.length - (append ? call.tokens : 0)),
    ),
  };
  if (append) Object.assign(tensors, { k_new: laid(k), v_new: laid(v) });
  for (const [name, input] of Object.entries(others)) tensors[name] = plain(input);
  return tensors;
}

/** Pages of the cache after a call that appends: k_pages [pages, page, hk, d] and v_pages [pages, page, hk, e]. */
export function pagesAfter(claims: Claims, c: HistoryCase): { k_pages: Tensor; v_pages: Tensor } {
  const call = callOn(c, true);
  const { k, v } = tokensOf(claims, c, []);
  return { k_pages: inPages(c, k, call.after, call), v_pages: inPages(c, v, call.after, call) };
}

/** Shapes of k_pages and v_pages. */
export function pageShapes(c: HistoryCase): { k_pages: number[]; v_pages: number[] } {
  const { page, pages } = play(c.history);
  const { hk, d, e } = c.dims;
  return { k_pages: [pages, page, hk, d], v_pages: [pages, page, hk, e] };
}

function plain({ dtype, shape, data }: StoredInput): Tensor {
  return tensor(dtype, shape, data);
}

/** Places tokens in their slots of the pages. Empty slots have the case's poison, or 1e4 (at most a quarter of the dtype's largest). */
function inPages(c: Case, all: StoredInput, slots: Int32Array, { page, pages }: AppendCall): Tensor {
  const [, heads, tokens, width] = all.shape;
  const dtype = all.dtype as DType;
  const data = allocate(dtype, slots.length * heads * width);
  data.fill(encode(dtype, poisonValue(c) ?? Math.min(1e4, floatFormats[dtype].max / 4)));
  slots.forEach((token, slot) => {
    if (token < 0) return;
    for (let h = 0; h < heads; h++) {
      const from = (h * tokens + token) * width;
      data.set(all.data.subarray(from, from + width), (slot * heads + h) * width);
    }
  });
  return tensor(dtype, [pages, page, heads, width], data);
}

function blockTable(c: Case, { entries, pages }: AppendCall): Tensor {
  const width = Math.max(...entries.map((entry) => entry.pages.length)) + 1;
  const table = new Int32Array(entries.length * width);
  entries.forEach(({ pages: own }, b) => {
    for (let at = 0; at < width; at++) table[b * width + at] = own[at] ?? hashOf(c.values.seed, b, at) % pages;
  });
  return tensor('i32', [entries.length, width], table);
}
