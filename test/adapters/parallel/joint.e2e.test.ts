import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFailure } from '../../../adapters/parallel/job/job-failure.js';
import { parallelCall } from '../../../adapters/parallel/job/parallel-call.js';
import { expectDeclaredBytes, expectSameBits, expectSingleDevice, inputsOf, kernelOf, library, schemeCase } from './support.js';

const both = ['forward', 'backward'] as const;

describe('ring-joint', () => {
  it.each([1, 2, 3, 5, 8, 13])('of %i tokens, some of them text, is a single device and sends what its document says', async (n) => {
    for (const mask of ['full', 'causal'])
      for (const sink of [false, true])
        await expectSingleDevice(schemeCase({ b: 2, hk: 2, g: 2, n }, { name: mask }, { sink }), 'ring-joint', [1, 2, 3, 5], both);
  });

  it('is a single device whatever the sizes', async () => {
    const size = (max: number) => fc.integer({ min: 1, max });
    const dims = fc.record({ b: size(2), hk: size(3), g: size(2), n: size(20), d: size(4), e: size(4) });
    await fc.assert(
      fc.asyncProperty(dims, fc.boolean(), size(6), (drawn, sink, ranks) =>
        expectSingleDevice(schemeCase({ ...drawn, m: drawn.n }, { name: 'causal' }, { sink }), 'ring-joint', [ranks], both),
      ),
      { numRuns: 20 },
    );
  });
});

describe('ulysses-joint', () => {
  it.each([1, 2, 3, 7, 12])('of %i tokens, some of them text, is a single device and sends what its document says', async (n) => {
    for (const dims of [
      { hk: 4, g: 1 },
      { hk: 2, g: 2 },
      { hk: 1, g: 4 },
    ])
      for (const sink of [false, true])
        await expectSingleDevice(schemeCase({ b: 2, ...dims, n }, { name: 'causal' }, { sink }), 'ulysses-joint', [1, 2, 4], both);
  });

  it('refuses heads that its ranks cannot share out', async () => {
    const c = schemeCase({ hk: 3, n: 8 }, { name: 'full' });
    const { kernel, capabilities } = await kernelOf('softmax');
    const call = { case: { ...c, parallel: { scheme: 'ulysses-joint', ranks: 2 } }, tensors: inputsOf(c, 'forward') };
    const outcome = decodeFailure(await parallelCall(library, kernel, capabilities, call, false));
    expect(outcome).toMatchObject({ refused: expect.stringContaining('the query heads must be a multiple of the ranks') });
  });
});

describe.each(['ring-joint', 'ulysses-joint'])('%s', (scheme) => {
  it('sends partial sums in the accumulator, whatever the type', async () => {
    await expectDeclaredBytes(schemeCase({ hk: 4, n: 11 }, { name: 'full' }, {}, 'bf16'), scheme, [2, 4], both);
  });

  it('gives the same bits in every order of messages', async () => {
    for (const direction of both) await expectSameBits(schemeCase({ hk: 4, n: 9 }, { name: 'causal' }, {}, 'f32'), scheme, 4, direction);
  });
});
