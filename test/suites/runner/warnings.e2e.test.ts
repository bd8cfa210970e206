import { describe, expect, test } from 'vitest';
import type { Arithmetic } from '../../../adapters/controls/reference/arithmetic/arithmetic.js';
import { float32Fused } from '../../../adapters/controls/reference/arithmetic/float32-fused.js';
import { createKernel } from '../../../adapters/controls/reference/kernel.js';
import { online } from '../../../adapters/controls/reference/softmax/online.js';
import { standardSteps } from '../../../adapters/controls/reference/steps/steps.js';
import { caseSeed, drawCase } from '../../../generators/lib/seeds.js';
import { problemOf } from '../../../generators/problem.js';
import { tensorsOf } from '../../../generators/tensors.js';
import { caseArbitrary } from '../../../generators/whole/case.js';
import type { FullCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import { expectationOf } from '../../../spec/oracle/oracle.js';
import { floatFormats } from '../../../spec/tensor/dtype.js';
import { type Tensor, type Tensors, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import type { DType } from '../../../spec/types/documents.js';
import type { ErrorSums } from '../../../suites/contract/error-sums.js';
import type { Property } from '../../../suites/contract/property.js';
import { noErrors, sumsOf } from '../../../suites/judging/error-sums.js';
import { noStatistics } from '../../../suites/judging/statistics.js';
import { gradient } from '../../../suites/properties/kernel/gradient.js';
import { oracle } from '../../../suites/properties/kernel/oracle.js';
import { judgeCase } from '../../../suites/properties/lib/judge-case.js';
import { addStatistics, type Statistics } from '../../../suites/runner/run/statistics.js';
import { warningsOf } from '../../../suites/runner/run/warnings.js';
import { claims, forwardOf, library, referenceWith } from '../properties/on-kernel.js';

test('signs of zero are a warning, however few', () => {
  const statistics = { o: { ...noStatistics(), zeroSigns: { hidden: 1, empty: 2 } }, lse: noStatistics() };
  expect(warningsOf(statistics)).toEqual([
    { output: 'o', kind: 'zero-sign', ratio: 1, text: 'keys and values that no query sees decide the sign of a zero, in 1 element' },
    { output: 'o', kind: 'zero-sign', ratio: 2, text: 'rows without keys are -0, in 2 elements' },
  ]);
  addStatistics(statistics, { o: { ...noStatistics(), zeroSigns: { hidden: 3, empty: 0 } } });
  expect(statistics.o.zeroSigns).toEqual({ hidden: 4, empty: 2 });
});

type Judged = Parameters<typeof forwardOf>[0];

/** The warnings of a check of 50 cases, all of which pass. */
async function warningsFor(property: Property, kernel: ReturnType<typeof referenceWith>, dtype: DType, own: FullCapabilities) {
  const arbitrary = caseArbitrary(Claims.of(library, own), { operator: 'softmax', mask: 'any', dtype, needs: property.needs });
  const statistics: Statistics = {};
  for (let index = 0; index < 50; index++) {
    const c = drawCase(arbitrary, caseSeed(7, index, 0)).value;
    const [{ command }] = property.calls(c, Claims.of(library, own));
    const call = { case: c, tensors: tensorsOf(Claims.of(library, own), c, command) };
    const outputs: Tensors = command === 'forward' ? await kernel.forward(call) : ((await kernel.backward?.(call)) as Tensors);
    const judged = judgeCase(property, { claims: Claims.of(library, own), problemOf, expectationOf }, c, [outputs]);
    expect(judged.judgement.status).not.toBe('fail');
    addStatistics(statistics, judged.statistics);
  }
  return warningsOf(statistics);
}

const limits = { b: { max: 2 }, hk: { max: 2 }, g: { max: 2 }, m: { max: 24 }, n: { max: 48 }, d: { max: 16 }, e: { max: 16 } };
const dtypes: DType[] = ['f32', 'f16', 'bf16', 'f64'];
const small = (more: Parameters<typeof claims>[0] = {}) => claims({ dtypes, limits, layouts: ['bhld'], strided: false, ...more });

/** In f32 throughout; of outputs that are normal numbers, the last 16 bits are cut off instead of rounded. */
const cutting: Judged = async (call, right) => {
  const wide = (t: Tensor) => (t.dtype === 'bf16' ? tensorOf('f32', t.shape, valuesOf(t)) : t);
  const tensors = Object.fromEntries(Object.entries(call.tensors).map(([name, t]) => [name, wide(t)]));
  const { o, lse } = await right({ case: { ...call.case, dtype: 'f32' }, tensors });
  const values = Float32Array.from(valuesOf(o));
  const bits = new Uint32Array(values.buffer);
  const cut = values.map((x, at) => (Math.abs(x) < floatFormats.bf16.smallestNormal ? x : Math.sign(x) * fromBits(bits[at] & 0x7fff0000)));
  return { o: tensorOf('bf16', o.shape, cut), lse };
};

function fromBits(bits: number): number {
  return new Float32Array(Uint32Array.of(bits).buffer)[0];
}

/** Exponentials that are off by a relative error of up to `error`. */
function rough(error: number): Arithmetic {
  return {
    ...float32Fused,
    exponentials(x, count, shift, out) {
      let sum = 0;
      for (let t = 0; t < count; t++) {
        const y = Math.fround(x[t] - shift);
        out[t] = Math.fround(Math.exp(y) * (1 + error * Math.sin(1e4 * y)));
        sum = Math.fround(sum + out[t]);
      }
      return sum;
    },
  };
}

describe('errors within their bounds', () => {
  test.each<DType>(['f32', 'f16', 'bf16', 'f64'])('are nothing to warn of where the kernel rounds as it should: %s', async (dtype) => {
    expect(await warningsFor(oracle, referenceWith(), dtype, small())).toEqual([]);
    expect(await warningsFor(gradient, referenceWith(), dtype, small({ gradients: true }))).toEqual([]);
  });

  test('are biased where the output is cut off', async () => {
    const warnings = await warningsFor(oracle, forwardOf(cutting), 'bf16', small());
    expect(warnings).toMatchObject([{ output: 'o', kind: 'bias', text: expect.stringContaining('towards zero') }]);
    expect(warnings[0].ratio).toBeLessThan(-0.6);
    expect(warnings[0].ratio).toBeGreaterThanOrEqual(-1);
  });

  test('are larger than need be where the exponential is rough, and declared to be', async () => {
    const error = 2 ** -17;
    const masks = small().masks;
    const kernel = createKernel({ forward: online, steps: standardSteps, float32: rough(error), masks });
    const warnings = await warningsFor(oracle, kernel, 'f32', small({ numeric: { exp: error } }));
    expect(warnings).toContainEqual(expect.objectContaining({ output: 'o', kind: 'accuracy' }));
    expect(warnings.find((w) => w.output === 'o')?.ratio).toBeGreaterThan(2);
  });
});

describe('sums of errors', () => {
  const calls = { elements: 2000, absolute: 300, squares: 80, upwards: 0, outwards: 0 };
  const half = { ...calls, absolute: 100 };
  const of = (errors: ErrorSums) => warningsOf({ o: { ...noStatistics(), errors } });
  const compared = (changes: Partial<ErrorSums['compared']>): ErrorSums => {
    const one = sumsOf(calls, half);
    return { ...one, compared: { ...one.compared, calls: 5, ...changes } };
  };
  /** Forty calls whose means are 0.1 ± 0.02, over a root mean square of 0.2. */
  const leaning: ErrorSums = {
    ...sumsOf(noErrors()),
    calls: 40,
    elements: 2000,
    squares: 80,
    upwards: { sum: 4, squares: 40 * (0.1 ** 2 + 0.02 ** 2) },
  };

  test('are compared where there are enough', () => {
    expect(of(compared({}))).toMatchObject([{ output: 'o', kind: 'accuracy', ratio: 3 }]);
    expect(of(compared({ textbook: 150 }))).toEqual([]);
    expect(of(compared({ calls: 4 }))).toEqual([]);
    expect(of(compared({ elements: 999 }))).toEqual([]);
    expect(of(compared({ textbook: 0 }))).toEqual([]);
  });

  test('lean where the calls agree, and by enough', () => {
    expect(of(leaning)).toMatchObject([{ output: 'o', kind: 'bias', ratio: 0.5, text: expect.stringContaining('upwards') }]);
    expect(of({ ...leaning, upwards: { ...leaning.upwards, sum: -4 } })).toMatchObject([{ ratio: -0.5 }]);
    expect(of({ ...leaning, calls: 29 })).toEqual([]);
    expect(of({ ...leaning, elements: 999 })).toEqual([]);
    // the calls differ among themselves
    expect(of({ ...leaning, upwards: { sum: 4, squares: 40 * (0.1 ** 2 + 0.2 ** 2) } })).toEqual([]);
    // certain, but small beside the errors
    expect(of({ ...leaning, squares: 2000 })).toEqual([]);
  });

  test('say nothing of outputs that have none', () => {
    expect(warningsOf({ o: noStatistics() })).toEqual([]);
    expect(of(sumsOf(noErrors()))).toEqual([]);
  });
});
