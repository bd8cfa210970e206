import { appendSlot, keySlot, keySlots, type PagedCache } from '../../reference/steps/paged.js';
import { type Fault, mutantsOf } from '../lib/mutant.js';
import { keepingKeys, placedBeforeTheCall, readInMemoryOrder, withTailOfPage } from './calls.js';
import { keptBySlot } from './slots.js';

/** Mutants of paged calls. Block tables have one more entry than any sequence needs. */
export const cacheMutants = mutantsOf('Cache and pages', [
  {
    id: 'capacity-as-length',
    title: "a sequence's keys are all slots of its row of the table",
    imitates: 'https://github.com/vllm-project/vllm/pull/47305',
    fault: keysTo(({ maxPages, page }) => maxPages * page),
  },
  {
    id: 'last-page-to-its-end',
    title: 'the last page of a sequence is read to its end, including stale keys',
    imitates: 'https://github.com/microsoft/onnxruntime-genai/pull/2354',
    fault: keysTo(({ page }, length) => Math.ceil(length / page) * page),
  },
  {
    id: 'partial-page-dropped',
    title: 'the last page is left out where it is not full, unless it is the only one',
    imitates: 'a page count of length div page, without the remainder',
    fault: keysTo(({ page }, length) => (length < page ? length : length - (length % page))),
  },
  {
    id: 'table-ignored',
    title: 'pages are read as if they lay in order',
    imitates: 'https://github.com/golang-design/accel/issues/10',
    fault: { steps: { keySlots: (cache, b) => keySlots(inOrder(cache), b) } },
  },
  {
    id: 'pages-in-pairs',
    title: 'every second page is taken to lie behind the one before it',
    imitates: 'https://github.com/hw-native-sys/pypto/pull/470',
    fault: { steps: { keySlots: (cache, b) => keySlots(inPairs(cache), b) } },
  },
  {
    id: 'page-of-one-in-pairs',
    title:
      'in bfloat16, two numbers to a word, pages of one slot are read two at a time: every second position comes from behind the one before it',
    imitates: 'https://github.com/sgl-project/sglang-jax/issues/1074',
    dtypes: ['bf16'],
    fault: { steps: { keySlots: (cache, b) => keySlots(cache.page === 1 ? inPairs(cache) : cache, b) } },
  },
  {
    id: 'table-of-first-entry',
    title: 'every batch entry reads the pages of the first',
    imitates: 'a table whose row stride is lost',
    fault: { steps: { keySlots: (cache, b) => keySlots({ ...cache, lengths: cache.lengths.subarray(b) }, 0) } },
  },
  {
    id: 'length-of-first-entry',
    title: 'every batch entry has as many keys as the first, as far as its row of the table goes',
    imitates: 'a batch whose sequences are taken to have one length',
    fault: keysTo(({ lengths, tokens, page, maxPages }) => Math.min(lengths[0] + tokens, maxPages * page)),
  },
  {
    id: 'cached-prefix-ignored',
    title: 'a query is placed among the keys that were there before the call',
    imitates: 'https://github.com/huggingface/candle/pull/3743',
    fault: { perKernel: placedBeforeTheCall },
  },
  {
    id: 'new-keys-unseen',
    title: 'attention reads the cache before the new tokens are appended, where there are older ones',
    imitates: 'an append and an attention that are not ordered',
    fault: keysTo(({ tokens }, length) => (length > tokens ? length - tokens : length)),
  },
  {
    id: 'appended-one-further',
    title: 'tokens after the first call are written one slot further',
    imitates: 'https://github.com/microsoft/onnxruntime-genai/pull/2354',
    fault: {
      steps: { appendSlot: (cache, b, i) => (cache.lengths[b] > 0 ? keySlot(cache, b, cache.lengths[b] + i + 1) : keySlot(cache, b, i)) },
    },
  },
  {
    id: 'appended-to-first-pages',
    title: "a chunk is written into the sequence's first pages",
    imitates: 'https://github.com/tenstorrent/tt-metal/pull/55630',
    fault: { steps: { appendSlot: (cache, b, i) => keySlot(cache, b, i) } },
  },
  {
    id: 'appended-to-first-entry',
    title: 'the tokens of every batch entry are written into the pages of the first',
    imitates: 'https://github.com/Dao-AILab/flash-attention/issues/772',
    fault: { steps: { appendSlot: (cache, b, i) => keySlot(cache, 0, cache.lengths[b] + i) } },
  },
  {
    id: 'appended-to-one-page',
    title: 'an append that reaches the end of a page continues at the start of this page',
    imitates: 'the page of a write looked up once for all tokens of a call',
    fault: {
      steps: {
        appendSlot: (cache, b, i) => {
          const first = cache.lengths[b];
          return keySlot(cache, b, first - (first % cache.page) + ((first + i) % cache.page));
        },
      },
    },
  },
  {
    id: 'new-values-lost',
    title: 'new keys are appended, new values are not',
    imitates: 'https://github.com/tenstorrent/tt-metal/issues/54413',
    fault: { steps: { appendSlot: (cache, b, i, tensor) => (tensor === 'v' ? -1 : appendSlot(cache, b, i, tensor)) } },
  },
  {
    id: 'cache-left-as-it-was',
    title: 'attention sees the new tokens, but the returned cache lacks them',
    imitates: 'an append to a copy of the cache',
    fault: {
      wrap: ({ forward }) => ({
        forward: async (call) => {
          const { k_pages, v_pages } = call.tensors;
          return { ...(await forward(call)), ...(k_pages && { k_pages, v_pages }) };
        },
      }),
    },
  },
  {
    id: 'fork-keeps-parents-keys',
    title: "a batch slot keeps a sequence's keys, and takes a longer one that began alike for the same one",
    imitates: 'a request slot that is passed on to a fork of its sequence without a reset',
    alone: 'cache-history',
    fault: { perKernel: keptBySlot },
  },
  {
    id: 'page-tail-weighed-with-zero',
    title: "values in the unused slots of a sequence's last page are multiplied with zero",
    imitates: 'https://github.com/flashinfer-ai/flashinfer/issues/941',
    fault: { wrap: ({ forward }) => ({ forward: async (call) => withTailOfPage(call, await forward(call)) }) },
  },
  {
    id: 'pages-in-memory-order',
    title: 'without a mask, keys are read in the order in which their pages lie',
    imitates: 'results that change with the pages that a block manager gives a sequence',
    alone: 'page-permutation',
    fault: { perKernel: readInMemoryOrder },
  },
  {
    id: 'chunk-loses-last-key',
    title: 'a kernel keeps the keys of a chunk for the next one, and loses the last of them',
    imitates: 'https://github.com/UChi-JCL/CacheGen/pull/8',
    alone: 'chunked-prefill',
    fault: { perKernel: keepingKeys },
  },
]);

/** Reads `lengthOf(cache, length)` keys of each batch entry; length includes new tokens. */
function keysTo(lengthOf: (cache: PagedCache, length: number) => number): Fault {
  return {
    steps: {
      keySlots: (cache, b) =>
        Array.from({ length: lengthOf(cache, cache.lengths[b] + cache.tokens) }, (_, position) => keySlot(cache, b, position)),
    },
  };
}

/** Replaces tables by 0, 1, 2, … */
function inOrder(cache: PagedCache): PagedCache {
  return withTable(cache, (at) => at % cache.maxPages);
}

/** Replaces each page at an odd table slot by the page after its predecessor. */
function inPairs(cache: PagedCache): PagedCache {
  return withTable(cache, (at) => ((at % cache.maxPages) % 2 === 1 ? cache.table[at - 1] + 1 : cache.table[at]));
}

function withTable(cache: PagedCache, pageAt: (at: number) => number): PagedCache {
  return { ...cache, table: Int32Array.from(cache.table, (_, at) => pageAt(at)) };
}
