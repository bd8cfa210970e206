import { describe, expect, it } from 'vitest';
import { valuesOf } from '../../../spec/tensor/tensor.js';
import type { Mask } from '../../../spec/types/documents.js';
import { balanceFound, expectDeclaredBytes, expectSameBits, expectSingleDevice, onRanks, schemeCase } from './support.js';

const masks: Mask[] = [
  { name: 'full' },
  { name: 'causal' },
  { name: 'sliding-window', parameters: { left: 3, right: 0 } },
  { name: 'padding', parameters: { lengths: [2, 0], side: 'right' } },
  { and: [{ name: 'causal' }, { name: 'padding', parameters: { lengths: [1, 2], side: 'left' } }] },
];

describe.each(['tree-decode', 'dist-attention'])('%s', (scheme) => {
  it.each(masks)('is a single device for %j', async (mask) => {
    for (const [m, n] of [
      [1, 2],
      [1, 21],
      [3, 9],
      [7, 5],
      [5, 40],
    ]) {
      const c = schemeCase({ b: 2, hk: 2, g: 2, m, n }, mask, { sink: n !== 21 });
      await expectSingleDevice(c, scheme, [1, 2, 3, 4, 6, 8], ['forward']);
    }
  });

  it('sends what its document says in narrow types', async () => {
    const c = schemeCase({ b: 2, hk: 2, g: 2, m: 3, n: 21, d: 5, e: 3 }, { name: 'causal' }, { sink: true }, 'bf16');
    await expectDeclaredBytes(c, scheme, [1, 2, 3, 4, 8], ['forward']);
  });

  it('gives the same bits in every order', async () => {
    const c = schemeCase({ b: 1, hk: 1, g: 2, m: 3, n: 30 }, { name: 'causal' }, { sink: true }, 'f32');
    await expectSameBits(c, scheme, 5, 'forward');
  });

  it('has no backward pass', async () => {
    await expect(onRanks(schemeCase({}, { name: 'full' }), scheme, 2, 'backward')).rejects.toThrow(`${scheme} has no backward pass`);
  });
});

it('tree-decode sends the same for any number of keys', async () => {
  const sent = async (n: number) => [...valuesOf((await onRanks(schemeCase({ m: 1, n }, { name: 'full' }), 'tree-decode', 4)).sent)];
  expect(await sent(64)).toEqual(await sent(3));
});

it('tree-decode is as balanced as its document says, for any number of keys', async () => {
  for (const [n, ranks] of [
    [8, 4],
    [9, 4],
    [3, 4],
    [7, 2],
  ]) {
    const { found, declared } = await balanceFound(schemeCase({ m: 2, n }, { name: 'full' }), 'tree-decode', ranks);
    expect(found).toBeCloseTo(declared?.value as number, 12);
  }
});

it('dist-attention asks only ranks of which a query sees a key', async () => {
  const c = schemeCase({ m: 1, n: 12 }, { name: 'sliding-window', parameters: { left: 3, right: 0 } });
  const { messages } = await onRanks(c, 'dist-attention', 3);
  expect([...valuesOf(messages)]).toEqual([2]);
});
