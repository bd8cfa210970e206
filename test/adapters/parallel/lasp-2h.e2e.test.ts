import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulateVirtual } from '../../../adapters/parallel/job/simulation.js';
import { valuesOf } from '../../../spec/tensor/tensor.js';
import type { Case, Dims } from '../../../spec/types/documents.js';
import { balanceFound, expectDeclaredBytes, expectSameBits, expectSingleDevice, library, onRanks, schemeCase } from './support.js';

const both = ['forward', 'backward'] as const;
const causal = { name: 'causal' };

function layersCase(dims: Partial<Dims>, options: Case['options'] = {}, dtype: Case['dtype'] = 'f64'): Case {
  return { ...schemeCase(dims, causal, {}, dtype), operator: 'linear-softmax', options };
}

describe('lasp-2h', () => {
  it.each([1, 2, 5, 8, 11])('of %i tokens is a single device, and sends what its document says', async (n) => {
    const given: Case['options'][] = [{}, { decay: true, scale: 0.25 }];
    for (const options of given) {
      await expectSingleDevice(layersCase({ b: 2, hk: 2, g: 2, n }, options), 'lasp-2h', [1, 2, 3, 5, 8], both);
    }
  });

  it('is a single device whatever the sizes', async () => {
    const size = (max: number) => fc.integer({ min: 1, max });
    const dims = fc.record({ b: size(2), hk: size(3), g: size(3), n: size(16), d: size(3), e: size(3) });
    await fc.assert(
      fc.asyncProperty(dims, fc.boolean(), size(8), (drawn, decays, ranks) =>
        expectSingleDevice(layersCase({ ...drawn, m: drawn.n }, decays ? { decay: true } : {}), 'lasp-2h', [ranks], both),
      ),
      { numRuns: 15 },
    );
  });

  it('sends states as partial sums and layers as they are stored', async () => {
    await expectDeclaredBytes(layersCase({ hk: 2, g: 2, n: 7 }, { decay: true }, 'bf16'), 'lasp-2h', [2, 3, 4], both);
  });

  it('is as unbalanced as its document says', async () => {
    for (const [n, ranks] of [
      [8, 2],
      [12, 4],
      [16, 8],
    ]) {
      const { found, declared } = await balanceFound(layersCase({ n }), 'lasp-2h', ranks);
      expect(found).toBeCloseTo(declared?.value as number, 12);
    }
  });

  it('gives the same bits in every order of messages', async () => {
    for (const direction of both) await expectSameBits(layersCase({ hk: 2, n: 9 }, { decay: true }, 'f32'), 'lasp-2h', 4, direction);
  });

  it('runs with shapes alone, and sends the same', async () => {
    const c = layersCase({ b: 2, hk: 2, g: 2, n: 10 }, { decay: true }, 'f32');
    const machine = { link: () => ({ alpha: 1e-6, beta: 1e-9, name: 'link' }), seconds: (flops: number) => flops * 1e-9 };
    const run = await simulateVirtual(library, { case: { ...c, parallel: { scheme: 'lasp-2h', ranks: 4 } }, backward: true, machine });
    for (const direction of both) {
      const real = await onRanks(c, 'lasp-2h', 4, direction);
      expect(run[direction]?.ranks.map(({ sentBytes }) => sentBytes)).toEqual([...valuesOf(real.sent)]);
      for (const { computeSeconds } of run[direction]?.ranks ?? []) expect(computeSeconds).toBeGreaterThan(0);
    }
  });

  it('refuses queries that are other tokens, and other masks', async () => {
    await expect(onRanks({ ...layersCase({ m: 4, n: 8 }) }, 'lasp-2h', 2)).rejects.toThrow('m = n is needed, found m = 4, n = 8');
    const full = { ...layersCase({ n: 8 }), mask: { name: 'full' } };
    await expect(onRanks(full, 'lasp-2h', 2)).rejects.toThrow('it is right for the masks causal, found full');
  });
});
