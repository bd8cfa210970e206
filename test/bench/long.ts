import { problemOf } from '../../dist/generators/problem.js';
import { resolveCapabilities } from '../../dist/spec/claims/capabilities.js';
import { Claims } from '../../dist/spec/claims/claims.js';
import { createLibrary } from '../../dist/spec/library.js';
import { expectedSlices } from '../../dist/spec/oracle/slices.js';
import type { Case, Distribution } from '../../spec/types/documents.js';
import { cpuOf } from './cpu.js';

const WIDTH = 128;
const claims = Claims.of(
  createLibrary(),
  resolveCapabilities(
    { dtypes: ['bf16'], operators: ['softmax'], masks: ['causal'], outputs: ['o', 'lse'], gradients: ['q', 'k', 'v', 'dlse'] },
    'bench',
  ),
);

function caseOf(distribution: Distribution, n: number): Case {
  return {
    operator: 'softmax',
    dims: { b: 1, hk: 1, g: 1, m: n, n, d: WIDTH, e: WIDTH },
    mask: { name: 'causal' },
    options: {},
    dtype: 'bf16',
    layout: 'bhld',
    values: { distribution, seed: 1 },
  };
}

/**
 * The oracles of long sequences, one causal head of 128, some rows at a time: seconds of CPU time from 32K tokens to 4M. Where the cost is linear, the
 * microseconds of a token stay the same.
 */
export function benchLong(): void {
  for (const [distribution, pass] of [
    ['targeted', 'forward'],
    ['targeted', 'backward'],
    ['counted', 'forward'],
    ['codebook', 'forward'],
    ['codebook', 'backward'],
  ] as const) {
    for (let n = 2 ** 15; n <= 2 ** 22; n *= 2) {
      let slices = 0;
      const problem = problemOf(claims, caseOf(distribution, n), pass === 'backward');
      const seconds = cpuOf(() => {
        for (const _ of expectedSlices(problem, pass === 'backward') ?? []) slices++;
      });
      console.log(
        `oracle of ${distribution}, ${pass}, ${n} tokens: ${seconds.toFixed(1)} s, ${((seconds / n) * 1e6).toFixed(1)} µs a token, ${slices} slices`,
      );
    }
  }
}
