import { describe, expect, it } from 'vitest';
import { appendSlot, keySlot, keySlots } from '../../../adapters/controls/reference/steps/paged.js';
import { Claims } from '../../../spec/claims/claims.js';
import type { Case, Operation } from '../../../spec/types/documents.js';
import { cacheHistory } from '../../../suites/properties/cache/cache-history.js';
import { claims, forwardOf, judgeKernel, referenceWith, tryCases } from './on-kernel.js';
import { caseOf, library } from './support.js';

const history: Operation[] = [
  { op: 'create', page: 4 },
  { op: 'append', sequences: [0], tokens: 6 },
  { op: 'fork', from: 0, to: 1 },
  { op: 'append', sequences: [1, 2], tokens: 2 },
];
const paged: Case = { ...caseOf({ sizes: { b: 2, m: 2, n: 8 } }), mask: { name: 'causal' }, history };

/** The last page is read to its end. */
const readsOn = referenceWith({
  keySlots: (cache, b) =>
    Array.from({ length: Math.ceil((cache.lengths[b] + cache.tokens) / cache.page) * cache.page }, (_, at) => keySlot(cache, b, at)),
});

describe('cache-history', () => {
  it('makes a call for each append, with the history up to it', () => {
    const calls = cacheHistory.calls(paged, Claims.of(library, claims()));
    expect(calls.map(({ case: c }) => [c.history?.length, c.dims.b, c.dims.m, c.dims.n])).toEqual([
      [2, 1, 6, 6],
      [4, 2, 2, 8],
    ]);
    expect(calls[1].case).toBe(paged);
  });

  it('is asked of kernels that claim pages', () => {
    expect(cacheHistory.unsupported(claims())).toBeUndefined();
    expect(cacheHistory.unsupported(claims({ pages: undefined }))).toBe('pages are not claimed');
  });

  it.each(['f32', 'bf16', 'f64'] as const)('passes a correct kernel in %s', async (dtype) => {
    expect(await tryCases(cacheHistory, referenceWith(), 20, dtype)).toEqual({ decided: 20 });
  });

  it('passes one that does not append, and finds the tokens in the pages', async () => {
    const capabilities = claims({ pages: { sizes: [4] } });
    expect(await tryCases(cacheHistory, referenceWith(), 20, 'f32', capabilities)).toEqual({ decided: 20 });
  });

  it('fails one that reads the last page to its end', async () => {
    expect((await tryCases(cacheHistory, readsOn, 10)).failure?.class).toMatch(/value|nan|lse/);
  });

  it('fails one that writes over a token that is there, by the cache it leaves', async () => {
    const overwrites = referenceWith({
      appendSlot: (cache, b, i, tensor) =>
        appendSlot({ ...cache, lengths: cache.lengths.map((x: number) => Math.max(0, x - 1)) }, b, i, tensor),
    });
    expect(await judgeKernel(cacheHistory, overwrites, paged)).toMatchObject({
      status: 'fail',
      class: 'cache',
      output: 'k_pages',
      call: 1,
    });
  });

  it('fails one that changes a slot that is not its own', async () => {
    const touches = forwardOf(async (call, right) => {
      const outputs = await right(call);
      outputs.v_pages.data[outputs.v_pages.data.length - 1] = 0;
      return outputs;
    });
    expect(await judgeKernel(cacheHistory, touches, paged)).toMatchObject({
      class: 'cache',
      output: 'v_pages',
      call: 0,
      expected: 1e4,
      actual: 0,
    });
  });

  it('fails one that does not give the pages back, or in another type', async () => {
    const keeps = forwardOf(async (call, right) => {
      const { k_pages: _, ...rest } = await right(call);
      return rest;
    });
    expect(await judgeKernel(cacheHistory, keeps, paged)).toMatchObject({ class: 'shape', output: 'k_pages' });
  });

  it('fails one that takes the first sequence for every other', async () => {
    const first = referenceWith({ keySlots: (cache, b) => keySlots({ ...cache, lengths: cache.lengths.subarray(b) }, 0) });
    expect(await judgeKernel(cacheHistory, first, paged)).toMatchObject({ status: 'fail', call: 1 });
  });
});
