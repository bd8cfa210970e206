import { describe, expect, it } from 'vitest';
import { expectationOf } from '../../../spec/oracle/oracle.js';
import type { Distribution, Numeric } from '../../../spec/types/documents.js';
import { targetedProblem } from './targeted.js';

/** Largest bound of o where probabilities are stored so. */
function boundOf(distribution: Distribution, probabilities: Numeric['probabilities'], gradients = false): number {
  const numeric: Numeric = { probabilities, chain: 16 };
  const problem = targetedProblem({ distribution, numeric, dtype: 'bf16', dims: { m: 8, n: 512, d: 32, e: 8 } });
  expect(problem.counts ?? problem.codebook).toBeDefined();
  const { outputs } = expectationOf(problem, gradients);
  return Math.max(...outputs[gradients ? 'dv' : 'o'].bound);
}

describe.each(['counted', 'codebook'] as const)('bounds of %s inputs', (distribution) => {
  it('follow the format that probabilities have of their own', () => {
    const [none, bf16, e4m3, e5m2] = (['accumulate', 'bf16', 'f8e4m3', 'f8e5m2'] as const).map((own) => boundOf(distribution, own));
    expect(boundOf(distribution, 'storage')).toBe(bf16);
    expect(bf16).toBeGreaterThan(2 * none);
    expect(e4m3 / bf16).toBeGreaterThan(8);
    expect(e5m2 / bf16).toBeGreaterThan(8);
  });
});

describe('bounds of gradients of codebook inputs', () => {
  it('follow it too', () => {
    expect(boundOf('codebook', 'f8e4m3', true) / boundOf('codebook', 'bf16', true)).toBeGreaterThan(8);
  });
});
