import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reference } from '../../../adapters/controls/reference/index.js';
import { decodeFailure } from '../../../adapters/parallel/job/job-failure.js';
import { parallelCall } from '../../../adapters/parallel/job/parallel-call.js';
import type { Case, Dims } from '../../../spec/types/documents.js';
import {
  capabilities,
  expectDeclaredBytes,
  expectSameBits,
  expectSingleDevice,
  inputsOf,
  library,
  onRanks,
  schemeCase,
} from './support.js';

const both = ['forward', 'backward'] as const;

function linearCase(dims: Partial<Dims>, decays: boolean, dtype: Case['dtype'] = 'f64'): Case {
  return { ...schemeCase(dims, { name: 'full' }, {}, dtype), operator: 'linear-decay', options: decays ? { decay: true } : {} };
}

describe.each(['lasp', 'lasp-2'])('%s', (scheme) => {
  it.each([1, 2, 5, 8, 11, 16])('of %i tokens is a single device, and sends what its document says', async (n) => {
    for (const decays of [false, true]) {
      await expectSingleDevice(linearCase({ b: 2, hk: 2, g: 2, n }, decays), scheme, [1, 2, 3, 4, 5, 8], both);
    }
  });

  it('is a single device whatever the sizes', async () => {
    const size = (max: number) => fc.integer({ min: 1, max });
    const dims = fc.record({ b: size(2), hk: size(3), g: size(3), n: size(20), d: size(4), e: size(4) });
    await fc.assert(
      fc.asyncProperty(dims, fc.boolean(), size(8), (drawn, decays, ranks) =>
        expectSingleDevice(linearCase({ ...drawn, m: drawn.n }, decays), scheme, [ranks], both),
      ),
      { numRuns: 25 },
    );
  });

  it('sends states as partial sums, whatever the type', async () => {
    await expectDeclaredBytes(linearCase({ hk: 2, n: 7 }, true, 'bf16'), scheme, [2, 3, 4], both);
  });

  it('gives the same bits in every order of messages, and no LSE', async () => {
    const c = linearCase({ hk: 2, n: 9 }, true, 'f32');
    for (const direction of both) await expectSameBits(c, scheme, 4, direction);
    expect(await onRanks(c, scheme, 3)).not.toHaveProperty('lse');
  });

  it('refuses queries that are other tokens', async () => {
    const c = schemeCase({ m: 4, n: 8 }, { name: 'full' });
    const call = { case: { ...c, parallel: { scheme, ranks: 2 } }, tensors: inputsOf(c, 'forward') };
    const outcome = decodeFailure(await parallelCall(library, await reference.open(), capabilities, call, false));
    expect(outcome).toMatchObject({ refused: expect.stringContaining('m = n is needed, found m = 4, n = 8') });
  });
});
