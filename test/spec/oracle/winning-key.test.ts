import { fc, it } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { expectationOf } from '../../../spec/oracle/oracle.js';
import { storedBound } from '../../../spec/oracle/output-bound.js';
import { softmaxForward } from '../../../spec/oracle/softmax-forward.js';
import { roundTo } from '../../../spec/tensor/float-bits.js';
import { valuesOf } from '../../../spec/tensor/tensor.js';
import { simulate } from '../../accept/profiles/kernel.js';
import { profileNamed } from '../../accept/profiles/profile.js';
import { type Given, problem } from './problems.js';

const { numeric, kernels } = profileNamed('f16-accumulator');

/** Problems whose scores err by more than 1 in float16 sums, many with one key far ahead of the others. */
const sharp: fc.Arbitrary<Given> = fc
  .record({
    g: fc.integer({ min: 1, max: 2 }),
    n: fc.integer({ min: 1, max: 12 }),
    d: fc.integer({ min: 1, max: 9 }),
    sink: fc.boolean(),
    bias: fc.boolean(),
    amplitude: fc.constantFrom(30, 100, 300, 1000),
    values: fc.constantFrom(1, 50),
    numbers: fc.infiniteStream(fc.integer({ min: -3000, max: 3000 }).map((x) => x / 1000)),
  })
  .map(({ g, n, d, sink, bias, amplitude, values, numbers }) => {
    const dims = { b: 1, hk: 1, g, m: 3, n, d, e: 3 };
    const tensor = (shape: number[], factor = 1) => ({
      shape,
      data: Float64Array.from({ length: shape.reduce((x, y) => x * y, 1) }, () => roundTo('f16', factor * numbers.next().value)),
    });
    return {
      dims,
      dtype: 'f16',
      numeric,
      options: { ...(sink && { sink: true as const }), ...(bias && { bias: true as const }) },
      inputs: {
        q: tensor([1, g, 3, d], amplitude),
        k: tensor([1, 1, n, d]),
        v: tensor([1, 1, n, 3], values),
        do: tensor([1, g, 3, 3]),
        ...(sink && { sink: tensor([g], amplitude) }),
        ...(bias && { bias: tensor([1, g, 3, n], amplitude) }),
      },
    };
  });

/** Errors of o and the LSE, in bounds; infinite bounds are left out. */
function ratios(given: Given, actual: Readonly<Record<'o' | 'lse', Float64Array>>): number[] {
  const { outputs } = softmaxForward(problem(given));
  return (['o', 'lse'] as const).flatMap((name) =>
    [...outputs[name].value].flatMap((x, at) => {
      const limit = storedBound(x, outputs[name].bound[at], name === 'o' ? 'f16' : 'f32', false);
      return limit === Infinity ? [] : [Math.abs(actual[name][at] - x) / limit];
    }),
  );
}

describe('a row whose scores err by more than weights can bear', () => {
  it('is decided where one key is far ahead, and no right kernel leaves its bounds', () => {
    let decided = 0;
    let elements = 0;
    let worst = 0;
    fc.assert(
      fc.property(sharp, fc.nat({ max: kernels.length - 1 }), (given, kernel) => {
        const { o, lse } = simulate(problem(given), kernels[kernel]).forward;
        const actual = { o: valuesOf(o), lse: valuesOf(lse) };
        const found = ratios(given, actual);
        worst = Math.max(worst, ...found);
        decided += found.length;
        elements += actual.o.length + actual.lse.length;
      }),
      { numRuns: 500 },
    );
    expect(worst).toBeLessThanOrEqual(1);
    expect(decided).toBeGreaterThan(0.9 * elements);
  });

  const row = (scores: readonly number[], options: Partial<Given> = {}): Given => ({
    dims: { b: 1, hk: 1, g: 1, m: 1, n: scores.length, d: 1, e: 1 },
    dtype: 'f16',
    numeric,
    inputs: {
      q: { shape: [1, 1, 1, 1], data: Float64Array.of(1) },
      k: { shape: [1, 1, scores.length, 1], data: Float64Array.from(scores) },
      v: { shape: [1, 1, scores.length, 1], data: Float64Array.from(scores, (_, at) => at + 1) },
    },
    ...options,
  });
  const boundOf = (given: Given) => softmaxForward(problem(given)).outputs.o.bound[0];

  it('has a bound that shows another key', () => {
    expect(boundOf(row([0, 6000, 4000]))).toBeLessThan(0.1);
    // the sink wins: the output is 0
    const sink = { shape: [1], data: Float64Array.of(6000) };
    const given = row([0, 4000]);
    expect(boundOf({ ...given, options: { sink: true }, inputs: { ...given.inputs, sink } })).toBeLessThan(0.1);
  });

  it('is undecided where two keys are as near as their errors, after a softcap, or where a sum may overflow', () => {
    expect(boundOf(row([0, 6000, 5996]))).toBe(Infinity);
    expect(expectationOf(problem(row([0, 6000, 5996])), false).outputs.o.because?.()).toEqual([
      'scores may err by more than weights can bear',
    ]);
    expect(boundOf(row([0, 6000, 4000], { options: { softcap: 5000 } }))).toBe(Infinity);
    const large = row([0, 60000, 4000]);
    const dims = { ...large.dims, d: 2 };
    const k = { shape: [1, 1, 3, 2], data: Float64Array.of(0, 0, 60000, 60000, 4000, 0) };
    const q = { shape: [1, 1, 1, 2], data: Float64Array.of(1, 1) };
    expect(boundOf({ ...large, dims, options: { scale: 0.5 }, inputs: { ...large.inputs, q, k } })).toBe(Infinity);
  });
});
