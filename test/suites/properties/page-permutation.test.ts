import { describe, expect, it } from 'vitest';
import { keySlots } from '../../../adapters/controls/reference/steps/paged.js';
import { cacheHistory } from '../../../suites/properties/cache/cache-history.js';
import { pagePermutation } from '../../../suites/properties/cache/page-permutation.js';
import { claims, referenceWith, tryCases } from './on-kernel.js';

/** Reads the keys in the order in which they lie, where their order says nothing. */
const inMemoryOrder = referenceWith({ keySlots: (cache, b) => keySlots(cache, b).sort((x, y) => x - y) });
const unmasked = claims({ masks: ['full'], options: [] });

describe('page-permutation', () => {
  it('passes a correct kernel', async () => {
    expect(await tryCases(pagePermutation, referenceWith(), 20)).toEqual({ decided: 20 });
  });

  it('fails one whose sums depend on where its pages lie, which nothing else sees', async () => {
    expect(await tryCases(pagePermutation, inMemoryOrder, 60, 'f32', unmasked)).toMatchObject({
      failure: { class: 'page-permutation', call: 1, bound: 0 },
    });
    expect((await tryCases(cacheHistory, inMemoryOrder, 30, 'f32', unmasked)).failure).toBeUndefined();
  });

  it('asks for a right result where the same bits are not claimed', async () => {
    const other = claims({ masks: ['full'], options: [], deterministic: { forward: false } });
    expect((await tryCases(pagePermutation, inMemoryOrder, 30, 'f32', other)).failure).toBeUndefined();
  });
});
