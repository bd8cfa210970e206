import { expect, it } from 'vitest';
import { loadSecondForm } from '../../../adapters/controls/second-form/index.js';
import { problemOf } from '../../../generators/problem.js';
import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import { createLibrary } from '../../../spec/library.js';
import { secondForm } from '../../../spec/operator/facts.js';
import { expectationOf } from '../../../spec/oracle/oracle.js';
import { judgedBound } from '../../../spec/oracle/output-bound.js';
import { computeRounded } from '../../../spec/program/interpret.js';
import { roundTo } from '../../../spec/tensor/float-bits.js';
import type { Case, Dims, Operator } from '../../../spec/types/documents.js';

const library = createLibrary();
const { capabilities } = await loadSecondForm({});
const claims = Claims.of(library, resolveCapabilities(capabilities, 'second-form'));

const sizes = { b: 1, hk: 1, g: 1, m: 2, n: 2, d: 13, e: 1 };
const usual = { mask: { name: 'full' }, options: {}, dtype: 'f32', layout: 'bhld' } as const;

/** Cases of which the bounds of the first form are too narrow for the second form, and by what. */
const cases: [string, Case][] = [
  [
    'block-lists, by a subnormal gradient',
    {
      ...usual,
      operator: 'block-lists',
      options: { duplicates: 0 },
      dims: { ...sizes, hk: 3, t: 3, c: 1, r: 4, z: 12 } as Dims,
      values: { distribution: 'peaked', seed: 92 },
    },
  ],
  [
    'delta, at sizes of which the second form is not computed',
    {
      ...usual,
      operator: 'delta',
      dims: { ...sizes, m: 96, n: 96, g: 3, d: 1, e: 24, t: 96 } as Dims,
      values: { distribution: 'normal', seed: 0 },
    },
  ],
  [
    'fastmax-2, by the products of its moments',
    {
      ...usual,
      operator: 'fastmax-2',
      dims: { ...sizes, m: 33, n: 33, d: 24, e: 24, d2: 24 } as Dims,
      mask: { name: 'causal' },
      values: { distribution: 'peaked-40', seed: 99 },
    },
  ],
  [
    'delta, in f16, where the bound of the second form is larger than any number of its type',
    {
      ...usual,
      operator: 'delta',
      dims: { ...sizes, m: 65, n: 65, hk: 2, d: 1, e: 3, t: 65 } as Dims,
      dtype: 'f16',
      values: { distribution: 'normal', seed: 83 },
    },
  ],
  [
    'delta, in f16, by keys that a token nearly overwrites',
    {
      ...usual,
      operator: 'delta',
      dims: { ...sizes, m: 85, n: 85, hk: 3, d: 1, e: 1, t: 85 } as Dims,
      dtype: 'f16',
      values: { distribution: 'heavy-tailed', seed: 1 },
    },
  ],
  [
    'adaptive-filter, by differences of equal numbers where the first form adds zeros',
    {
      ...usual,
      operator: 'adaptive-filter',
      dims: { ...sizes, d: 1, c: 2 } as Dims,
      mask: { name: 'causal' },
      values: { distribution: 'dyadic', seed: 0 },
    },
  ],
];

/** Holds a kernel that follows the second form to the judged bounds. @returns how many elements are beyond those of the first form. */
function beyondFirst(c: Case, gradients = true): number {
  const problem = problemOf(claims, c, gradients);
  const expected = expectationOf(problem, gradients).outputs;
  const operator = secondForm(problem.operator) as Operator;
  let beyond = 0;
  for (const [name, { value }] of Object.entries(computeRounded({ ...problem, operator }, gradients, 'f32'))) {
    for (const [at, x] of value.entries()) {
      const exact = expected[name].value[at];
      const error = Object.is(x, exact) ? 0 : Math.abs(roundTo(c.dtype, x) - exact);
      expect(error, `${name}[${at}]`).toBeLessThanOrEqual(judgedBound(expected[name], at, error, c.dtype, false));
      if (error > judgedBound({ ...expected[name], second: undefined }, at, error, c.dtype, false)) beyond++;
    }
  }
  return beyond;
}

it.each(cases)('gradients of a second form are within the judged bounds: %s', (_, c) => {
  // else the case tells nothing
  expect(beyondFirst(c)).toBeGreaterThan(0);
});

it('an output is undecided where its divisor may be 0 in the order of the second form, which is off by little', () => {
  const c: Case = {
    ...usual,
    operator: 'fastmax-2',
    dims: { ...sizes, hk: 2, g: 5, m: 1, n: 1, d: 24, e: 4, d2: 24 } as Dims,
    values: { distribution: 'peaked-40', seed: 251 },
  };
  expect(beyondFirst(c, false)).toBeGreaterThan(0);
  expect(expectationOf(problemOf(claims, c), false).outputs.o.because?.()).toEqual(['a divisor may be 0']);
});

it('rows of attention need no second bound for a subnormal gradient of capped scores', () => {
  const dims = { ...sizes, hk: 2, n: 31, d: 14, e: 24 };
  for (const seed of [51, 52, 53, 54])
    expect(
      beyondFirst({ ...usual, operator: 'softmax', dims, options: { softcap: 50 }, values: { distribution: 'heavy-tailed', seed } }),
    ).toBe(0);
});
