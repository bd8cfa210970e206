import { describe, expect, it } from 'vitest';
import { mutantNamed } from '../../../adapters/controls/mutants/named.js';
import { float32Fused } from '../../../adapters/controls/reference/arithmetic/float32-fused.js';
import { onlineCapabilities } from '../../../adapters/controls/reference/capabilities.js';
import { createKernel } from '../../../adapters/controls/reference/kernel.js';
import { online } from '../../../adapters/controls/reference/softmax/online.js';
import { standardSteps } from '../../../adapters/controls/reference/steps/steps.js';
import { problemOf } from '../../../generators/problem.js';
import { Claims } from '../../../spec/claims/claims.js';
import { roundTo } from '../../../spec/tensor/float-bits.js';
import { convex } from '../../../suites/properties/laws/convex.js';
import { mass } from '../../../suites/properties/laws/mass.js';
import { claims, judgeKernel, library, referenceWith, tryCases } from './on-kernel.js';
import { caseOf } from './support.js';

type Fp8 = 'f8e4m3' | 'f8e5m2';

/** A kernel that stores probabilities in fp8, each times a power of two that the sum is divided by. */
function storing(format: Fp8, lift: number) {
  return createKernel({
    forward: online,
    steps: standardSteps,
    float32: {
      ...float32Fused,
      combine: (weights, ...rest) =>
        float32Fused.combine(
          weights.map((w) => roundTo(format, w * lift) / lift),
          ...rest,
        ),
    },
    masks: onlineCapabilities.masks ?? [],
  });
}

const inFp8 = (probabilities: Fp8) => claims({ numeric: { probabilities } });
const withHeavyFirst = caseOf({ sizes: { b: 1, hk: 1, m: 2, n: 1024 }, values: { distribution: 'normal', seed: 4 } });

describe('mass', () => {
  it('is not asked of a kernel that cannot be called without a mask', () => {
    const softmax = library.operators.get('softmax');
    const of = (changes: Parameters<typeof claims>[0]) => mass.unsupported(claims(changes), softmax);
    expect(of({ masks: ['causal'], denseMask: false })).toBe('mask full, which the law needs, is not claimed');
    expect(of({ masks: ['causal'], denseMask: 'boolean' })).toBeUndefined();
    expect(of({ masks: ['full'], denseMask: false })).toBeUndefined();
  });

  it('plants one key that weighs as much as 2n others', () => {
    const [{ case: planted }] = mass.calls(withHeavyFirst, Claims.of(library, claims()));
    expect(planted.values.transform).toContainEqual({ plant: Math.log(2048), of: 'k', key: expect.any(Number) });
    const { q, k } = problemOf(Claims.of(library, claims()), planted, false).inputs;
    const scores = Array.from({ length: 1024 }, (_, j) => [0, 1, 2].reduce((s, x) => s + q.data[x] * k.data[3 * j + x], 0) / Math.sqrt(3));
    expect(scores.filter((s) => s === 0)).toHaveLength(1023);
    expect(Math.max(...scores)).toBeCloseTo(Math.log(2048), 5);
  });

  it.each(['f64', 'f32', 'f16', 'bf16'] as const)('passes a correct kernel in %s', async (dtype) => {
    const tried = await tryCases(mass, referenceWith(), 3, dtype);
    expect(tried.failure).toBeUndefined();
    expect(tried.decided).toBe(3);
  });

  it.each<[Fp8, number]>([
    ['f8e4m3', 256],
    ['f8e4m3', 2 ** 2.8],
    ['f8e5m2', 2 ** 15],
    ['f8e5m2', 1],
  ])('passes a kernel that keeps probabilities in the range of %s, times %d', async (format, lift) => {
    const tried = await tryCases(mass, storing(format, lift), 4, 'f32', inFp8(format));
    expect(tried.failure).toBeUndefined();
    expect(tried.decided).toBe(4);
  });

  it('fails one that stores them between 0 and 1 in e4m3, which the bound of an output allows', async () => {
    const lossy = await mutantNamed('small-probabilities-lost-in-fp8').open();
    const { failure, case: c } = await tryCases(mass, lossy, 20, 'f32', inFp8('f8e4m3'));
    expect(failure?.message).toMatch(/keys of small weight lose their share of a row.* is 0\.66/);
    const [{ case: planted }] = mass.calls(c ?? withHeavyFirst, Claims.of(library, claims()));
    expect(await judgeKernel(convex, lossy, planted, inFp8('f8e4m3'))).toMatchObject({ status: 'pass' });
  });
});
