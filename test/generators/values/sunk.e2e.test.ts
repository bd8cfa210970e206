import { describe, expect, it } from 'vitest';
import { problemOf } from '../../../generators/problem.js';
import { depthOf, floatingKey } from '../../../generators/values/sunk.js';
import { caseSpace } from '../../../generators/whole/space.js';
import { Claims } from '../../../spec/claims/claims.js';
import { expectationOf } from '../../../spec/oracle/oracle.js';
import type { Case, DType, Numeric } from '../../../spec/types/documents.js';
import { capable, library } from '../capable.js';

const seeds = Array.from({ length: 48 }, (_, seed) => seed);
const caseOf = (seed: number, d: number, dtype: DType): Case => ({
  operator: 'softmax',
  dims: { b: 1, hk: 1, g: 2, m: 4, n: 9, d, e: 4 },
  mask: { name: 'causal' },
  options: seed % 2 ? {} : { scale: 0.25 },
  dtype,
  layout: 'bhld',
  values: { distribution: 'sunk', seed },
});

describe('sunk scores', () => {
  it.each(['f64', 'f32', 'f16', 'bf16'] as const)('lie far below zero in %s, and are decided', (dtype) => {
    for (const seed of seeds) {
      for (const d of [1, 3, 16, 64]) {
        const c = caseOf(seed, d, dtype);
        const problem = problemOf(Claims.of(library, capable()), c);
        const floating = floatingKey(c, 9);
        const scale = c.options.scale ?? d ** -0.5;
        const { q, k } = problem.inputs;
        for (let i = 0; i < 8; i++)
          for (let j = 0; j < 9; j++) {
            let score = 0;
            for (let x = 0; x < d; x++) score += q.data[i * d + x] * k.data[j * d + x] * (scale as number);
            if (j === floating) expect(score).toBeGreaterThan(-30);
            else expect(score).toBeLessThan(-0.9 * depthOf(c) + 30);
          }
        const { outputs } = expectationOf(problem, false);
        for (const { bound } of Object.values(outputs)) expect([...bound].every(Number.isFinite)).toBe(true);
      }
    }
  });

  it('are drawn where a maximum is subtracted from scores that hold 24 bits, and nowhere else', () => {
    const drawn = (operator: string, dtype: DType, numeric: Numeric) => {
      const claims = Claims.of(library, capable({ operators: [operator], dtypes: [dtype], numeric }));
      return caseSpace(claims, { operator, mask: 'any', dtype, needs: {} }).distributions.names.includes('sunk');
    };
    expect(drawn('softmax', 'f16', {})).toBe(true);
    expect(drawn('softmax', 'f32', { scores: 'storage' })).toBe(true);
    expect(drawn('softmax', 'f16', { scores: 'storage' })).toBe(false);
    expect(drawn('softmax', 'f16', { accumulate: 'f16' })).toBe(false);
    expect(drawn('linear', 'f32', {})).toBe(false);
  });

  it('lie beyond every number that stands for −∞ in kernels, in many cases', () => {
    const share = (below: number, d: number) => seeds.filter((seed) => depthOf(caseOf(seed, d, 'f32')) > below).length / seeds.length;
    expect(share(10_000, 32)).toBeGreaterThan(0.3);
    expect(share(1000, 256)).toBeGreaterThan(0.5);
    expect(seeds.filter((seed) => floatingKey(caseOf(seed, 8, 'f32'), 9) === 8).length).toBeGreaterThan(5);
  });
});
