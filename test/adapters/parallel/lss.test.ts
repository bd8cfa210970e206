import { expect, it } from 'vitest';
import { crossingMasks } from './masks.js';
import { expectDeclaredBytes, expectSingleDevice, onRanks, schemeCase } from './support.js';

const both = ['forward', 'backward'] as const;

it.each([1, 2, 3, 8])('is a single device on %i ranks', async (ranks) => {
  for (const n of [1, 13]) {
    for (const mask of crossingMasks(n)) {
      await expectSingleDevice(schemeCase({ b: 2, hk: 2, g: 2, n }, mask, n > 1 ? { sink: true } : {}), 'lss', [ranks], both);
    }
  }
});

it('sends what its document says in narrow types', async () => {
  await expectDeclaredBytes(schemeCase({ hk: 3, g: 2, n: 11, d: 5 }, { name: 'causal' }, { sink: true }, 'f16'), 'lss', [2, 5], both);
});

it('gathers all heads in one message to each rank, where the other gather has one for each key head', async () => {
  const c = schemeCase({ hk: 3, n: 8 }, { name: 'full' });
  expect([...(await onRanks(c, 'lss', 4)).messages.data]).toEqual([4 * 3]);
  expect([...(await onRanks(c, 'all-gather', 4)).messages.data]).toEqual([3 * 4 * 3]);
});
