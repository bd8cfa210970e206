import { expect, it } from 'vitest';
import { halfSubnormal } from '../../../spec/numeric/profile.js';
import { expectationOf } from '../../../spec/oracle/oracle.js';
import { floatFormats } from '../../../spec/tensor/dtype.js';
import { problem as problemOf } from './problems.js';

const w = halfSubnormal(floatFormats.f16);

/** Bounds of dq, dk and dv of one key and two queries in f16. */
function bounds(scale: number, parts: number, copies: number): Record<string, number> {
  const dims = { b: 1, hk: 1, g: 1, m: 2, n: 2, d: 1, e: 1 };
  const values = (shape: number[], ...data: number[]) => ({ shape, data: Float64Array.from(data) });
  const [q, k, v, cotangent] = [
    values([1, 1, 2, 1], 1, 2),
    values([1, 1, 2, 1], 0.5, 1),
    values([1, 1, 2, 1], 1, 3),
    values([1, 1, 2, 1], 1, 1),
  ];
  const problem = problemOf({ dims, options: { scale }, dtype: 'f16', inputs: { q, k, v, do: cotangent } });
  const { outputs } = expectationOf({ ...problem, numeric: { ...problem.numeric, parts, copies } }, true);
  return Object.fromEntries(Object.entries(outputs).map(([name, { bound }]) => [name, bound[0]]));
}

it('gradients of parts are stored with the scale in them: what is lost near zero does not shrink with it', () => {
  for (const scale of [1, 2 ** -4, 2 ** -10]) {
    const [few, many] = [bounds(scale, 2, 1), bounds(scale, 8, 1)];
    for (const name of ['dq', 'dk', 'dv']) expect(many[name] - few[name]).toBeGreaterThanOrEqual(6 * w);
  }
});

it('a pair of several parts has as many stores of its probability and its score gradient', () => {
  const [one, three] = [bounds(1, 4, 1), bounds(1, 4, 3)];
  // of dv: each of two rows with |do| = 1; of dk: |q| = 1 and 2; of dq: |k| = 0.5 and 1
  expect(three.dv - one.dv).toBeGreaterThanOrEqual(2 * 2 * w);
  expect(three.dk - one.dk).toBeGreaterThanOrEqual(2 * 3 * w);
  expect(three.dq - one.dq).toBeGreaterThanOrEqual(2 * 1.5 * w);
});
