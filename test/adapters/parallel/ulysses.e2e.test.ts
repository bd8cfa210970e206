import { describe, expect, it } from 'vitest';
import { crossingMasks } from './masks.js';
import { declaredBytes, expectSingleDevice, onRanks, schemeCase } from './support.js';

const both = ['forward', 'backward'] as const;

describe('ulysses', () => {
  it.each([
    { hk: 4, g: 1, ranks: [1, 2, 4] },
    { hk: 2, g: 2, ranks: [1, 2, 4] },
    { hk: 1, g: 6, ranks: [2, 3, 6] },
    { hk: 3, g: 2, ranks: [3, 6] },
    { hk: 2, g: 4, ranks: [8] },
    { hk: 5, g: 1, ranks: [5] },
    { hk: 7, g: 2, ranks: [7] },
  ])('is a single device with $hk key heads, $g query heads each, on $ranks ranks', async ({ hk, g, ranks }) => {
    for (const n of [1, 11]) {
      for (const mask of crossingMasks(n)) {
        await expectSingleDevice(schemeCase({ b: 2, hk, g, n }, mask, n > 1 ? { sink: true } : {}), 'ulysses', ranks, both);
      }
    }
  });

  it('counts the replicas of key heads: 4 ranks, 2 key heads, 8 tokens', () => {
    const c = schemeCase({ hk: 2, g: 2, n: 8, d: 3, e: 2 }, { name: 'causal' }, {}, 'f16');
    // of 4 query heads and 4 replicas: 3 ranks get 2 rows of q, k, v and o in 2 bytes, and of the LSE in 4
    expect([...declaredBytes(c, 'ulysses', 4, 'forward')]).toEqual(new Array(4).fill(3 * 2 * ((3 + 3 + 2 + 2) * 2 + 4)));
    // do and dq in 2 bytes, dk and dv in 4
    expect([...declaredBytes(c, 'ulysses', 4, 'backward')]).toEqual(new Array(4).fill(3 * 2 * ((2 + 3) * 2 + (3 + 2) * 4)));
  });

  it('sends as many bytes as declared, whatever the dtype', async () => {
    for (const dtype of ['f32', 'f16', 'bf16'] as const) {
      for (const direction of both) {
        const c = schemeCase({ hk: 2, g: 2, n: 7 }, { name: 'causal' }, { sink: true }, dtype);
        const { sent } = await onRanks(c, 'ulysses', 4, direction);
        expect([...sent.data]).toEqual([...declaredBytes(c, 'ulysses', 4, direction)]);
      }
    }
  });

  it.each([
    { hk: 3, g: 1, ranks: 2, text: 'the query heads must be a multiple of the ranks' },
    { hk: 2, g: 3, ranks: 3, text: 'the key heads must be a multiple of the ranks, or the ranks of the key heads' },
    { hk: 4, g: 3, ranks: 6, text: 'the key heads must be a multiple of the ranks, or the ranks of the key heads' },
  ])('refuses $hk key heads, $g query heads each, on $ranks ranks', async ({ hk, g, ranks, text }) => {
    await expect(onRanks(schemeCase({ hk, g, n: 8 }, { name: 'full' }), 'ulysses', ranks)).rejects.toThrow(
      `ulysses on ${ranks} ranks: ${text}`,
    );
  });
});
