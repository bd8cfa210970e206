import { describe, expect, it } from 'vitest';
import type { Mask } from '../../../spec/types/documents.js';
import { balanceFound, expectDeclaredBytes, expectSameBits, expectSingleDevice, onRanks, schemeCase } from './support.js';

const both = ['forward', 'backward'] as const;

/** Documents of every level: one that needs all ranks, one for some, short ones and empty ones; and one document. */
function masks(n: number): Mask[] {
  const half = Math.floor(n / 2);
  const fifth = Math.floor(n / 5);
  return [
    { name: 'full' },
    { name: 'causal' },
    { name: 'document-causal', parameters: { lengths: [fifth, half, 0, n - half - fifth] } },
    { name: 'document', parameters: { lengths: [...new Array(fifth).fill(1), n - fifth] } },
  ];
}

describe.each(['hybrid', 'zeppelin'])('%s', (scheme) => {
  it.each([1, 2, 3, 4, 6, 8])('is a single device on %i ranks', async (ranks) => {
    for (const n of [1, 5, 23]) {
      for (const mask of masks(n)) {
        await expectSingleDevice(schemeCase({ b: 2, hk: 2, g: 2, n }, mask, n > 1 ? { sink: true } : {}), scheme, [ranks], both);
      }
    }
  });

  it('sends what its document says in narrow types', async () => {
    for (const mask of masks(19)) {
      const c = schemeCase({ b: 2, hk: 2, g: 2, n: 19, d: 5, e: 3 }, mask, { sink: true }, 'bf16');
      await expectDeclaredBytes(c, scheme, [2, 4, 5, 8], both);
    }
  });

  it('is as balanced as its document says', async () => {
    for (const ranks of [1, 2, 3, 4, 5, 8]) {
      for (const n of [1, 4, 7, 16, 33]) {
        for (const name of ['full', 'causal']) {
          const { found, declared } = await balanceFound(schemeCase({ n }, { name }), scheme, ranks);
          expect(declared?.most).toBe(true);
          expect(found, `${name}, ${n} tokens on ${ranks}`).toBeLessThanOrEqual((declared?.value as number) * (1 + 1e-12));
        }
      }
    }
  });

  it('gives the same bits in every order', async () => {
    const c = schemeCase({ g: 2, n: 14 }, { name: 'document-causal', parameters: { lengths: [8, 3, 2, 1] } }, { sink: true }, 'f32');
    for (const direction of both) await expectSameBits(c, scheme, 4, direction);
  });

  it('refuses a mask that may see across documents', async () => {
    const c = schemeCase({ n: 8 }, { name: 'sliding-window', parameters: { left: 1, right: 0 } });
    await expect(onRanks(c, scheme, 2)).rejects.toThrow(
      `${scheme} on 2 ranks: it is right for the masks full, causal, document, document-causal, found sliding-window`,
    );
  });
});

it('hybrid sends nothing where every document fits a rank', async () => {
  const c = schemeCase({ n: 8 }, { name: 'document-causal', parameters: { lengths: [2, 2, 2, 2] } });
  expect([...(await onRanks(c, 'hybrid', 4)).sent.data]).toEqual([0, 0, 0, 0]);
});
