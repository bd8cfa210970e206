import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { standardSteps } from '../../../adapters/controls/reference/steps/steps.js';
import { expectationOf } from '../../../spec/oracle/oracle.js';
import type { Expectation, Problem } from '../../../spec/problem.js';
import type { DType } from '../../../spec/tensor/dtype.js';
import type { Mask } from '../../../spec/types/documents.js';
import { gradient } from '../../../suites/properties/kernel/gradient.js';
import { oracle } from '../../../suites/properties/kernel/oracle.js';
import { judgeCase } from '../../../suites/properties/lib/judge-case.js';
import { type Simulation, simulate } from '../../accept/profiles/kernel.js';
import { asksAll, fewOf, runsOf } from '../../some.js';
import { longKernels } from './long-kernels.js';
import { type Changes, targetedClaims, targetedProblem } from './targeted.js';

const problemOf = (changes: Changes) => targetedProblem({ ...changes, distribution: 'codebook' });
const byKey = (problem: Problem): Problem => ({ ...problem, codebook: undefined });

/** Largest difference of the values of each output, by half of its bound, or by the rounding of the largest value if that is more. */
function distances(x: Expectation, y: Expectation): number[] {
  return Object.keys(y.outputs).map((output) => {
    const expected = y.outputs[output].value;
    const { value, bound } = x.outputs[output];
    const largest = expected.reduce((most, r) => (Number.isFinite(r) ? Math.max(most, Math.abs(r)) : most), 1e-3);
    return value.reduce((most, r, at) => {
      const size = Math.max(1e-12 * largest, bound[at] / 2);
      return Math.max(most, Object.is(r, expected[at]) ? 0 : Math.abs(r - expected[at]) / size);
    }, 0);
  });
}

/** Largest error of each output, in bounds. */
function errorsOf(problem: Problem, changes: Changes, simulation: Simulation): Record<string, number> {
  const { forward, backward } = simulate(problem, simulation);
  const judge = { claims: targetedClaims(changes), expectationOf, problemOf: () => problem, undiagnosed: true };
  const statistics = [
    judgeCase(oracle, judge, problem.case, [forward]).statistics,
    judgeCase(gradient, judge, problem.case, [backward]).statistics,
  ];
  return Object.fromEntries(statistics.flatMap((own) => Object.entries(own).map(([output, { maxOverBound }]) => [output, maxOverBound])));
}

const window = { name: 'sliding-window', parameters: { left: 40, right: 20 } };
const masks: readonly Mask[] = [
  { name: 'causal' },
  { name: 'full' },
  window,
  { name: 'document-causal', parameters: { lengths: [20, 0, 1, 50] } },
  { name: 'sink-tokens', parameters: { sinks: 4, recent: 8 } },
];

describe('the oracle of rows and keys that have classes', () => {
  test.prop(
    [
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 1, max: 90 }),
      fc.constantFrom(1, 3, 20),
      fc.constantFrom<DType>('f32', 'bf16', 'f16', 'f8e4m3'),
      fc.constantFrom(...masks),
      fc.constantFrom({}, { hk: 2, g: 2 }, { b: 2, g: 3 }),
      fc.nat(999),
    ],
    { numRuns: runsOf(25, 60) },
  )('gives what the oracle gives that takes key by key, gradients too', (m, keys, d, dtype, mask, heads, seed) => {
    const packed = mask === masks[3];
    const dims = { m: packed ? 71 : m, n: packed ? 71 : keys, d, e: 3, ...heads };
    const problem = problemOf({ dims, dtype, mask, seed });
    expect(problem.codebook).toBeDefined();
    for (const gradients of [false, true]) {
      const [own, all] = [expectationOf(problem, gradients), expectationOf(byKey(problem), gradients)];
      for (const distance of distances(own, all)) expect(distance).toBeLessThan(1);
      expect(own.empty).toEqual(all.empty);
    }
  });

  it.skipIf(asksAll)('has bounds of the LSE that follow what is declared of its sums, at 65,536 keys', () => {
    const boundOf = (chain: number | undefined) => {
      const numeric = chain === undefined ? {} : { chain };
      return Math.max(...expectationOf(problemOf({ dims: { m: 2, n: 65_536, d: 16, e: 1 }, numeric }), false).outputs.lse.bound);
    };
    const [plain, four, sixteen, tile] = [undefined, 4, 16, 128].map(boundOf);
    expect(plain).toBeGreaterThan(65_536 * 2 ** -24);
    expect(plain).toBeLessThan(65_536 * 2 ** -24 * 1.1);
    expect(plain / four).toBeGreaterThan(3.5);
    expect(four / sixteen).toBeGreaterThan(3);
    expect(sixteen / tile).toBeGreaterThan(2);
  });

  it.skipIf(asksAll)('takes key by key where scores have other terms', () => {
    for (const options of [{ softcap: 30 }, { sink: true }] as Changes['options'][])
      expect(problemOf({ dims: { n: 20 }, options }).codebook).toBeUndefined();
  });
});

const n = 200;
const forms: readonly Changes[] = [
  { dims: { n, d: 32 } },
  { dims: { n, d: 32 }, mask: window },
  { dims: { n: 128, g: 2 }, mask: { name: 'full' } },
  { dims: { n, d: 80 }, mask: { name: 'document-causal', parameters: { lengths: [70, 0, 51, 79] } } },
  { dims: { n }, options: { scale: 1 } },
  { dims: { n: 640, m: 65 }, mask: { name: 'sink-tokens', parameters: { sinks: 4, recent: 128 } } },
];

describe.each(fewOf(['bf16', 'f32', 'f16'] as const, 1))('kernels of long sequences in %s', (dtype) => {
  const kernels = Object.entries(longKernels(dtype));

  it.each(fewOf(kernels, 3).map(([name], at) => [name, at] as const))('%s: stays within the bounds', (_, at) => {
    const changes = { ...forms[(at + dtype.length) % forms.length], dtype };
    const errors = errorsOf(problemOf(changes), changes, kernels[at][1]);
    for (const output of ['o', 'lse', 'dq', 'dk', 'dv']) expect(errors[output], output).toBeLessThanOrEqual(1);
  });

  it('meets keys that are lost, in o and in every gradient', () => {
    const changes: Changes = { dims: { n: 256, d: 32 }, dtype };
    const lost: Simulation['steps'] = {
      visible: (...[p, b, h, i, j]: Parameters<typeof standardSteps.visible>) =>
        problem.mask.visible(b, h, i, j) && (j >> 5 !== 2 || p.n === 0),
    };
    const problem = problemOf(changes);
    const errors = errorsOf(problem, changes, { ...longKernels(dtype)['tiles of 16'], steps: lost });
    for (const output of ['o', 'lse', 'dq', 'dk', 'dv']) expect(errors[output], output).toBeGreaterThan(1);
  });
});
