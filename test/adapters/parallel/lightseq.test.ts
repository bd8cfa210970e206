import { describe, expect, it } from 'vitest';
import { balanceFound, expectDeclaredBytes, expectSameBits, expectSingleDevice, onRanks, schemeCase } from './support.js';

describe('lightseq', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('is a single device on %i ranks', async (ranks) => {
    for (const n of [1, 5, 16, 23]) {
      const c = schemeCase({ b: 2, hk: 2, g: 2, n }, { name: 'causal' }, { sink: n !== 5 });
      await expectSingleDevice(c, 'lightseq', [ranks], ['forward', 'backward']);
    }
  });

  it('refuses every mask but causal', async () => {
    for (const mask of [{ name: 'full' }, { and: [{ name: 'causal' }, { name: 'full' }] }]) {
      await expect(onRanks(schemeCase({ n: 8 }, mask), 'lightseq', 2)).rejects.toThrow(
        /lightseq on 2 ranks: it is right for the masks causal/,
      );
    }
  });

  it('sends what its document says in narrow types', async () => {
    const c = schemeCase({ b: 2, hk: 2, g: 2, n: 21, d: 5, e: 3 }, { name: 'causal' }, { sink: true }, 'f16');
    await expectDeclaredBytes(c, 'lightseq', [1, 2, 3, 4, 5, 8], ['forward', 'backward']);
  });

  it('is as balanced as its document says', async () => {
    for (let ranks = 1; ranks <= 8; ranks++) {
      const { found, declared } = await balanceFound(schemeCase({ n: 3 * ranks }, { name: 'causal' }), 'lightseq', ranks);
      expect(declared?.most).toBe(false);
      expect(found).toBeCloseTo(declared?.value as number, 12);
      expect(found).toBeCloseTo(ranks % 2 === 1 ? 1 : 1 + 3 / (3 * ranks + 1), 12);
    }
  });

  it('gives the same bits in every order', async () => {
    const c = schemeCase({ b: 1, hk: 1, g: 2, n: 14 }, { name: 'causal' }, { sink: true }, 'f32');
    for (const direction of ['forward', 'backward'] as const) await expectSameBits(c, 'lightseq', 5, direction);
  });
});
