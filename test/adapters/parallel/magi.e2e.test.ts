import { describe, expect, it } from 'vitest';
import type { Mask } from '../../../spec/types/documents.js';
import { balanceFound, expectDeclaredBytes, expectSameBits, expectSingleDevice, schemeCase } from './support.js';

const masks: Mask[] = [
  { name: 'full' },
  { name: 'causal' },
  { name: 'sliding-window', parameters: { left: 3, right: 1 } },
  { name: 'global-sliding-window', parameters: { window: 2 } },
  { name: 'prefix-causal', parameters: { prefix: 4 } },
  { heads: [{ name: 'causal' }, { name: 'full' }] },
  { not: { name: 'causal' } },
];

describe('magi', () => {
  it.each(masks)('is a single device for %j', async (mask) => {
    for (const n of [1, 5, 17]) {
      const c = schemeCase({ b: 2, hk: 2, g: 2, n }, mask, { sink: n !== 5 });
      await expectSingleDevice(c, 'magi', [1, 2, 3, 4, 8], ['forward', 'backward']);
    }
  });

  it('keeps documents and padding of each batch entry apart', async () => {
    const documents = schemeCase({ b: 1, hk: 1, g: 2, n: 19 }, { name: 'document-causal', parameters: { lengths: [7, 0, 12] } });
    await expectSingleDevice(documents, 'magi', [2, 3, 6], ['forward', 'backward']);
    const padded = schemeCase({ b: 3, hk: 2, g: 1, n: 13 }, { name: 'padding', parameters: { lengths: [13, 0, 6], side: 'right' } });
    await expectSingleDevice(padded, 'magi', [2, 3, 6], ['forward', 'backward']);
  });

  it('sends what its document says in narrow types', async () => {
    const c = schemeCase({ b: 2, hk: 2, g: 2, n: 21, d: 5, e: 3 }, { name: 'causal' }, { sink: true }, 'bf16');
    await expectDeclaredBytes(c, 'magi', [1, 2, 3, 5], ['forward', 'backward']);
  });

  it('is as balanced as its document says', async () => {
    for (const ranks of [1, 2, 3, 4, 6]) {
      for (const perRank of [1, 2, 3, 5, 8]) {
        const n = ranks * perRank;
        expect(await balanceFound(schemeCase({ n }, { name: 'full' }), 'magi', ranks)).toEqual({
          found: 1,
          declared: { value: 1, most: false },
        });
        const { found, declared } = await balanceFound(schemeCase({ n }, { name: 'causal' }), 'magi', ranks);
        expect(declared?.most).toBe(true);
        expect(found).toBeLessThanOrEqual((declared?.value as number) * (1 + 1e-12));
      }
    }
  });

  it('gives the same bits in every order', async () => {
    const c = schemeCase({ b: 1, hk: 1, g: 2, n: 14 }, { name: 'causal' }, { sink: true }, 'f32');
    for (const direction of ['forward', 'backward'] as const) await expectSameBits(c, 'magi', 4, direction);
  });
});
