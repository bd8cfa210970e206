import { expect, test } from 'vitest';
import { reference } from '../../adapters/controls/reference/index.js';
import { problemOf } from '../../generators/problem.js';
import { tensorsOf } from '../../generators/tensors.js';
import { resolveCapabilities } from '../../spec/claims/capabilities.js';
import { Claims } from '../../spec/claims/claims.js';
import { createLibrary } from '../../spec/library.js';
import { expectationOf } from '../../spec/oracle/oracle.js';
import { storedBound } from '../../spec/oracle/output-bound.js';
import type { Case } from '../../spec/types/documents.js';
import { oracle } from '../../suites/properties/kernel/oracle.js';
import { judgeCase } from '../../suites/properties/lib/judge-case.js';

/** Cases on which a correct kernel was once failed. */
const cases: Case[] = [
  {
    operator: 'efficient',
    dims: { b: 1, hk: 1, g: 1, m: 1, n: 1, d: 5, e: 15 },
    mask: { name: 'full' },
    options: {},
    dtype: 'f32',
    layout: 'bhld',
    values: { distribution: 'subnormal', seed: 95 },
  },
  {
    // v's batch entries share memory: what the first hides, the second sees
    operator: 'softmax',
    dims: { b: 2, hk: 1, g: 1, m: 1, n: 2, d: 1, e: 1 },
    mask: { name: 'padding', parameters: { lengths: [1, 2], side: 'left' } },
    options: {},
    dtype: 'f64',
    layout: 'bhld',
    values: { distribution: 'poison', seed: 17, poison: 'inf' },
    views: { v: { step: 0 } },
  },
];

test.each(cases)('$operator, $values.distribution, is no false alarm', async (c) => {
  const library = createLibrary();
  const capabilities = resolveCapabilities(reference.capabilities, reference.id);
  const kernel = await reference.open();
  const outputs = await kernel.forward({ case: c, tensors: tensorsOf(Claims.of(library, capabilities), c) });
  const { judgement } = judgeCase(oracle, { claims: Claims.of(library, capabilities), problemOf, expectationOf }, c, [outputs]);
  expect(judgement).toEqual({ status: 'pass' });
});

test('the part of a rank is stored before the state of others is added, in float16 near zero too', () => {
  const claims = Claims.of(createLibrary(), resolveCapabilities(reference.capabilities, reference.id));
  const whole: Case = {
    operator: 'linear-decay',
    dims: { b: 1, hk: 1, g: 1, m: 2, n: 2, d: 12, e: 15 },
    mask: { name: 'full' },
    options: { decay: true },
    dtype: 'f16',
    layout: 'bhld',
    values: { distribution: 'uniform', seed: 227 },
  };
  const dq = (ranks: number) => expectationOf(problemOf(claims, { ...whole, parallel: { scheme: 'lasp', ranks } }, true), true).outputs.dq;
  const [one, two] = [dq(1), dq(2)];
  // what LASP gave on two ranks in the last element of the second row
  expect(Math.abs(-0.0000016689300537109375 - two.value[23])).toBeLessThanOrEqual(storedBound(two.value[23], two.bound[23], 'f16', false));
  for (const [at, x] of two.value.entries())
    expect(two.bound[at]).toBeGreaterThanOrEqual(one.bound[at] + 2 ** -11 * Math.abs(x) + 2 ** -25);
});
