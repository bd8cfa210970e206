import { describe, expect, it } from 'vitest';
import { Claims } from '../../../spec/claims/claims.js';
import { tensor, valuesOf } from '../../../spec/tensor/tensor.js';
import { batchInvariant } from '../../../suites/properties/kernel/batch-invariant.js';
import { deterministic } from '../../../suites/properties/kernel/deterministic.js';
import { oracle } from '../../../suites/properties/kernel/oracle.js';
import { claims, forwardOf, judgeKernel, referenceWith, tryCases } from './on-kernel.js';
import { caseOf, library } from './support.js';

/** Another order of summation for more than one entry: o differs in its last bit. */
const lastBit = forwardOf(async (call, right) => {
  const { o, ...rest } = await right(call);
  if (call.case.dims.b === 1) return { o, ...rest };
  const values = Float32Array.from(valuesOf(o), (x) => Math.fround(x * (1 + 2 ** -23)));
  return { ...rest, o: tensor('f32', o.shape, values) };
});

describe('batch-invariant', () => {
  it('calls with one entry, those of the case, and four times as many', () => {
    const batches = (b: number, capabilities = claims()) =>
      batchInvariant.calls(caseOf({ sizes: { b } }), Claims.of(library, capabilities)).map((call) => call.case.dims.b);
    expect(batches(2)).toEqual([1, 2, 8]);
    expect(batches(2, claims({ limits: { b: { max: 3 } } }))).toEqual([1, 2, 3]);
    expect(batches(2, claims({ limits: { b: { max: 2 } } }))).toEqual([1, 2]);
  });

  it('gives padding a length for each entry, wherever it stands', () => {
    const padding = { name: 'padding', parameters: { lengths: [4, 6], side: 'right' } };
    const lengths = (mask: object) =>
      batchInvariant
        .calls(caseOf({ mask: mask as never }), Claims.of(library, claims()))
        .map((call) => JSON.stringify(call.case.mask).match(/\[[\d,]+\]/)?.[0]);
    for (const mask of [padding, { not: padding }, { and: [{ name: 'full' }, padding] }, { or: [padding] }, { heads: [padding, padding] }])
      expect(lengths(mask)).toEqual(['[4]', '[4,6]', '[4,6,4,6,4,6,4,6]']);
    const documents = { name: 'document', parameters: { lengths: [2, 4] } };
    expect(lengths(documents)).toEqual(['[2,4]', '[2,4]', '[2,4]']);
  });

  it('is not asked of a forward pass that need not repeat itself to the bit', () => {
    expect(batchInvariant.unsupported(claims({ batchInvariant: true, deterministic: { forward: false } }))).toMatch(
      /takes the promise back/,
    );
    expect(batchInvariant.unsupported(claims({ batchInvariant: true }))).toBeUndefined();
  });

  it('passes a correct kernel', async () => {
    expect(await tryCases(batchInvariant, referenceWith(), 10)).toEqual({ decided: 10 });
  });

  it('fails where the last bit depends on the batch, which nothing else sees', async () => {
    expect(await tryCases(batchInvariant, lastBit, 5)).toMatchObject({
      failure: { class: 'batch-invariant', output: 'o', call: 1, bound: 0 },
    });
    expect(await judgeKernel(deterministic, lastBit, caseOf())).toEqual({ status: 'pass' });
    expect((await tryCases(oracle, lastBit, 15)).failure).toBeUndefined();
  });

  it('is not asked where it is not claimed, or the batch size cannot change', () => {
    const reason = (changes: Parameters<typeof claims>[0]) => batchInvariant.unsupported(claims(changes));
    expect(reason({})).toBeUndefined();
    expect(reason({ batchInvariant: false })).toMatch(/not claimed/);
    expect(reason({ limits: { b: '=hk' } })).toMatch(/tie the batch size/);
    expect(reason({ limits: { hk: '=b' } })).toMatch(/tie the batch size/);
    expect(reason({ limits: { b: { min: 2 } } })).toMatch(/no batch entry alone/);
  });
});
