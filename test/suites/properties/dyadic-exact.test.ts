import { describe, expect, it } from 'vitest';
import { normalise } from '../../../adapters/controls/reference/steps/softmax-row.js';
import { dyadicExact } from '../../../suites/properties/kernel/dyadic-exact.js';
import { oracle } from '../../../suites/properties/kernel/oracle.js';
import { claims, judgeKernel, referenceWith, tryCases } from './on-kernel.js';
import { caseOf } from './support.js';

/** The reciprocal of the sum is one ulp too large, as of an approximate division. */
const roughDivision = referenceWith({
  normalise: (a, row, o, at, e) => normalise(a, { ...row, sum: Math.fround(row.sum * (1 - 2 ** -23)) }, o, at, e),
});

const dyadic = caseOf({ sizes: { m: 3, n: 8 }, values: { distribution: 'dyadic', seed: 3 } });

describe('dyadic-exact', () => {
  it.each(['f64', 'f32', 'f16', 'bf16'] as const)('passes a correct kernel in %s, and decides most cases', async (dtype) => {
    const { failure, decided } = await tryCases(dyadicExact, referenceWith(), 16, dtype);
    expect(failure).toBeUndefined();
    expect(decided).toBeGreaterThan(11);
  });

  it('fails an output that is off by one ulp, which the bound allows', async () => {
    expect(await judgeKernel(dyadicExact, roughDivision, dyadic)).toMatchObject({
      class: 'dyadic-exact',
      output: 'o',
      bound: 0,
      hint: expect.stringMatching(/normaliser/),
    });
    expect((await tryCases(oracle, roughDivision, 15)).failure).toBeUndefined();
  });

  it('holds a plainly wrong output to its bound', async () => {
    const wrong = referenceWith({ normalise: (a, row, o, at, e) => normalise(a, { ...row, sum: row.sum + 1 }, o, at, e) });
    expect(await judgeKernel(dyadicExact, wrong, dyadic)).toMatchObject({ class: 'value' });
  });

  it('decides nothing where no row sees a power of two of keys', async () => {
    const c = { ...dyadic, dims: { ...dyadic.dims, n: 7 } };
    expect(await judgeKernel(dyadicExact, roughDivision, c)).toMatchObject({ status: 'undecided' });
  });

  it('leaves out what the accumulator cannot sum exactly, and what the output’s type cannot hold', async () => {
    const narrow = claims({ numeric: { accumulate: 'bf16' } });
    const long = { ...dyadic, dims: { ...dyadic.dims, n: 64 } };
    expect(await judgeKernel(dyadicExact, referenceWith(), long, narrow)).toMatchObject({ status: 'undecided' });
    expect(await judgeKernel(dyadicExact, referenceWith(), { ...long, dtype: 'bf16' })).toEqual({ status: 'pass' });
  });

  it('is not asked where the profile declares less', () => {
    const reason = (numeric: object) => dyadicExact.unsupported(claims({ numeric }));
    expect(reason({})).toBeUndefined();
    expect(reason({ exp: 1e-6 })).toMatch(/approximate/);
    expect(reason({ partials: 'storage' })).toMatch(/partial outputs/);
  });
});
