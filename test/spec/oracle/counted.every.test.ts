import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { standardSteps } from '../../../adapters/controls/reference/steps/steps.js';
import { expectationOf } from '../../../spec/oracle/oracle.js';
import type { Expectation, Problem } from '../../../spec/problem.js';
import type { DType } from '../../../spec/tensor/dtype.js';
import { oracle } from '../../../suites/properties/kernel/oracle.js';
import { judgeCase } from '../../../suites/properties/lib/judge-case.js';
import { type Simulation, simulate } from '../../accept/profiles/kernel.js';
import { asksAll, fewOf } from '../../some.js';
import { longKernels } from './long-kernels.js';
import { type Changes, targetedClaims, targetedProblem } from './targeted.js';

const last = { divides: 'last' } as const;
const problemOf = (changes: Changes) => targetedProblem({ numeric: last, ...changes, distribution: 'counted' });
const byKey = (problem: Problem): Problem => ({ ...problem, counts: undefined });

/** Largest difference of two expectations' values, beside 1. */
function distance(x: Expectation, y: Expectation): number {
  return Math.max(
    ...['o', 'lse'].map((output) =>
      x.outputs[output].value.reduce((most, r, at) => {
        const other = y.outputs[output].value[at];
        return Math.max(most, r === other ? 0 : Math.abs(r - other) / Math.max(1, Math.abs(other)));
      }, 0),
    ),
  );
}

/** Largest error of each output, in bounds. */
function errorsOf(problem: Problem, changes: Changes, simulation: Simulation): Record<string, number> {
  const judge = { claims: targetedClaims(changes), expectationOf, problemOf: () => problem, undiagnosed: true };
  const { statistics } = judgeCase(oracle, judge, problem.case, [simulate(problem, simulation).forward]);
  return Object.fromEntries(Object.entries(statistics).map(([output, { maxOverBound }]) => [output, maxOverBound]));
}

const n = 321;
const window = { name: 'sliding-window', parameters: { left: 100, right: 20 } };
const documents = { name: 'document-causal', parameters: { lengths: [70, 0, 51, 200] } };
const forms: readonly (readonly [string, Changes])[] = [
  ['causal', { dims: { n } }],
  ['a window', { dims: { n, d: 32 }, mask: window }],
  ['heads that share keys', { dims: { n: 256, hk: 2, g: 2 }, mask: { name: 'full' } }],
  ['documents', { dims: { n, d: 80 }, mask: documents }],
  ['a scale of 1', { dims: { n }, options: { scale: 1 } }],
  ['a softcap', { dims: { n, d: 128 }, options: { softcap: 50 } }],
  ['sinks and a window', { dims: { n: 640, m: 65 }, mask: { name: 'sink-tokens', parameters: { sinks: 4, recent: 128 } } }],
  ['decoding', { dims: { m: 3, n: 2000, b: 2 } }],
];

describe('the oracle of rows that count', () => {
  it.skipIf(asksAll).each(forms)('%s: gives what the oracle gives that takes every key', (_, changes) => {
    const problem = problemOf(changes);
    expect(problem.counts).toBeDefined();
    expect(distance(expectationOf(problem, false), expectationOf(byKey(problem), false))).toBeLessThan(1e-13);
  });

  test.prop(
    [
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 1, max: 90 }),
      fc.constantFrom(1, 3, 20),
      fc.constantFrom<DType>('f32', 'bf16', 'f16', 'f8e4m3', 'f8e5m2'),
      fc.nat(999),
      fc.constantFrom({ name: 'causal' }, { name: 'full' }, { ...window, parameters: { left: 5, right: 0 } }),
    ],
    { numRuns: 60 },
  )('gives it at any sizes and types, rows without a key and rows whose keys are all off among them', (m, keys, d, dtype, seed, mask) => {
    const problem = problemOf({ dims: { m, n: keys, d, e: 3 }, dtype, seed, mask });
    const [own, all] = [expectationOf(problem, false), expectationOf(byKey(problem), false)];
    expect(distance(own, all)).toBeLessThan(1e-13);
    expect(own.empty).toEqual(all.empty);
  });

  it.skipIf(asksAll)('has bounds that do not grow with the number of keys', () => {
    const largest = (keys: number) => {
      const { o, lse } = expectationOf(problemOf({ dims: { m: 4, n: keys } }), false).outputs;
      return [Math.max(...o.bound), Math.max(...lse.bound)];
    };
    const [short, long] = [largest(256), largest(65_536)];
    expect(long[0]).toBeLessThan(short[0]);
    expect(long[1]).toBeLessThan(3 * short[1]);
  });

  it.skipIf(asksAll)('has a weaker bound of o where weights may be divided first', () => {
    const boundOf = (numeric: Changes['numeric']) =>
      Math.max(...expectationOf(problemOf({ dims: { m: 4, n: 65_536 }, numeric }), false).outputs.o.bound);
    expect(boundOf({})).toBeGreaterThan(100 * boundOf(last));
    expect(boundOf({ chain: 64 })).toBeLessThan(boundOf({}) / 20);
  });

  it.skipIf(asksAll)('takes every key where weights of 1 cannot be had', () => {
    for (const options of [{ softcap: 30 }, { scale: -1 }, { sink: true }] as Changes['options'][])
      expect(problemOf({ dims: { n: 20 }, options }).counts).toBeUndefined();
  });
});

describe.each(fewOf(['bf16', 'f32', 'f16'] as const, 1))('kernels of long sequences in %s', (dtype) => {
  const kernels = Object.entries(longKernels(dtype));

  it.each(fewOf(kernels, 3).map(([name], at) => [name, at] as const))('%s: stays within the bounds', (name, at) => {
    const changes: Changes = { ...forms[(at + dtype.length) % forms.length][1], dtype, numeric: name === 'key by key' ? {} : last };
    const errors = errorsOf(problemOf(changes), changes, kernels[at][1]);
    expect(errors.o).toBeLessThanOrEqual(1);
    expect(errors.lse).toBeLessThanOrEqual(1);
    if (dtype !== 'f32' && changes.numeric === last) expect(errors.o).toBeGreaterThan(0.2);
  });

  const loses = (lost: (j: number) => boolean): Simulation['steps'] => ({
    visible: (...[p, b, h, i, j]: Parameters<typeof standardSteps.visible>) => !lost(j) && j < p.n && h >= 0 && b >= 0 && i >= 0,
  });

  it.each([
    ['one key', 1, 3],
    ['a tile', 64, 30],
  ] as const)('meets %s lost of 4,096, with 7 splits and with none', (_, count, least) => {
    const changes: Changes = { dims: { m: 3, n: 4096, d: 16 }, dtype, mask: { name: 'full' }, numeric: last };
    const problem = problemOf(changes);
    for (const kernel of ['tiles of 128', '7 splits']) {
      const steps = loses((j) => j >= 2300 && j < 2300 + count);
      const errors = errorsOf(problem, changes, { ...longKernels(dtype)[kernel], steps });
      expect(errors.o).toBeGreaterThan(least);
      expect(errors.lse).toBeGreaterThan(1);
    }
  });
});
