import { freemem } from 'node:os';
import { problemOf } from '../../dist/generators/problem.js';
import { resolveCapabilities } from '../../dist/spec/claims/capabilities.js';
import { Claims } from '../../dist/spec/claims/claims.js';
import { createLibrary } from '../../dist/spec/library.js';
import { expectationOf } from '../../dist/spec/oracle/oracle.js';
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

/** Float64 numbers of a row at most: inputs, and values and bounds of what is computed. */
const NUMBERS = { forward: 6, backward: 12 } as const;

/**
 * The oracles of long sequences, one causal head of 128: seconds of CPU time from 32K tokens to 4M, as far as memory goes. Where the cost is linear, the
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
      if (n * WIDTH * 8 * NUMBERS[pass] > freemem() / 2) {
        console.log(`oracle of ${distribution}, ${pass}: ${n} tokens and more do not fit into memory`);
        break;
      }
      const problem = problemOf(claims, caseOf(distribution, n), pass === 'backward');
      const seconds = cpuOf(() => {
        expectationOf(problem, pass === 'backward');
      });
      console.log(
        `oracle of ${distribution}, ${pass}, ${n} tokens: ${seconds.toFixed(1)} s, ${((seconds / n) * 1e6).toFixed(1)} µs a token`,
      );
    }
  }
}
