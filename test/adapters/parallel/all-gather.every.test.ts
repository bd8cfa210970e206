import { describe, expect, it } from 'vitest';
import { asksAll, firstOf } from '../../some.js';
import { crossingMasks } from './masks.js';
import { declaredBytes, expectSingleDevice, onRanks, schemeCase } from './support.js';

const both = ['forward', 'backward'] as const;

describe.each(['all-gather', 'all-gather-zigzag'])('%s', (scheme) => {
  it.each(firstOf([1, 4, 6, 2, 3, 5, 7, 8], 3))('is a single device on %i ranks', async (ranks) => {
    for (const n of [1, 17]) {
      for (const mask of crossingMasks(n)) {
        await expectSingleDevice(schemeCase({ b: 2, hk: 3, g: 2, n }, mask, n > 1 ? { sink: true } : {}), scheme, [ranks], both);
      }
    }
  });

  it.skipIf(asksAll)('sends as many bytes as declared, whatever the dtype', async () => {
    for (const dtype of ['f32', 'f16', 'bf16'] as const) {
      for (const direction of both) {
        const c = schemeCase({ hk: 2, g: 2, n: 7 }, { name: 'causal' }, { sink: true }, dtype);
        const { sent } = await onRanks(c, scheme, 3, direction);
        expect([...sent.data]).toEqual([...declaredBytes(c, scheme, 3, direction)]);
      }
    }
  });
});

it.skipIf(asksAll)('all-gather gathers k and v once forward, and gathers and scatters them backward', () => {
  const c = schemeCase({ hk: 2, n: 8, d: 3, e: 2 }, { name: 'causal' }, {}, 'f32');
  const shard = 2 * 2 * (3 + 2) * 4;
  expect([...declaredBytes(c, 'all-gather', 4, 'forward')]).toEqual(new Array(4).fill(3 * shard));
  expect([...declaredBytes(c, 'all-gather', 4, 'backward')]).toEqual(new Array(4).fill(3 * 2 * shard));
});
