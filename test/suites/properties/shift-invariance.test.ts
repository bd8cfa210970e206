import { describe, expect, it } from 'vitest';
import { mutantNamed } from '../../../adapters/controls/mutants/named.js';
import type { FullCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import type { Case } from '../../../spec/types/documents.js';
import { shiftInvariance } from '../../../suites/properties/kernel/shift-invariance.js';
import { claims, judgeKernel, referenceWith, tryCases } from './on-kernel.js';
import { caseOf, library } from './support.js';

const constants = (c: Case, capabilities: FullCapabilities) =>
  shiftInvariance.calls(c, Claims.of(library, capabilities)).map(({ case: called }) => called.values.transform);

describe('shift-invariance', () => {
  it('adds nothing, a constant and its opposite, as large as the profile allows', () => {
    expect(constants(caseOf(), claims())).toEqual([0, 60_000, -60_000].map((add) => [{ add, to: 'scores' }]));
    expect(constants(caseOf({ sizes: { d: 128 } }), claims())[1]).toEqual([{ add: 12_000, to: 'scores' }]);
    expect(constants(caseOf(), claims({ numeric: { products: 'tf32' } }))[1]).toEqual([{ add: 51, to: 'scores' }]);
    expect(constants(caseOf({ dtype: 'bf16' }), claims({ numeric: { scores: 'storage' } }))[1]).toEqual([{ add: 25, to: 'scores' }]);
  });

  it.each(['f64', 'f32', 'f16', 'bf16'] as const)('passes a correct kernel in %s', async (dtype) => {
    const tried = await tryCases(shiftInvariance, referenceWith(), 20, dtype);
    expect(tried.failure).toBeUndefined();
    expect(tried.decided).toBeGreaterThan(16);
  });

  it.each([
    ['maximum-from-0', '-60000'],
    ['maximum-from-10000', '-60000'],
    ['mask-of-10000', '-60000'],
    ['scores-clamped-high', '60000'],
  ])('fails %s', async (id, add) => {
    const c = caseOf({ mask: { name: 'causal' }, sizes: { m: 6 } });
    const failure = await judgeKernel(shiftInvariance, await mutantNamed(id).open(), c);
    expect(failure).toMatchObject({ status: 'fail', message: expect.stringContaining(`with ${add} added to every score`) });
  });

  it('leaves a kernel that is wrong without a constant to its own class', async () => {
    const wrong = referenceWith({ defaultScale: () => 3 });
    const failure = await judgeKernel(shiftInvariance, wrong, caseOf());
    expect(failure).toMatchObject({ class: 'value', call: 0, message: expect.not.stringContaining('added') });
  });
});
