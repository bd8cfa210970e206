import { Bench } from 'tinybench';
import { problemOf } from '../../dist/generators/problem.js';
import { resolveCapabilities } from '../../dist/spec/claims/capabilities.js';
import { Claims } from '../../dist/spec/claims/claims.js';
import { hashOf } from '../../dist/spec/lib/hash.js';
import { createLibrary } from '../../dist/spec/library.js';
import { softmaxForward } from '../../dist/spec/oracle/softmax-forward.js';
import type { Case } from '../../spec/types/documents.js';

const library = createLibrary();
const capabilities = resolveCapabilities(
  { dtypes: ['f32'], operators: ['softmax'], masks: ['full', 'causal'], outputs: ['o', 'lse'] },
  'bench',
);

/** Uniform small cases, half of them causal. */
function cases(count: number): Case[] {
  return Array.from({ length: count }, (_, at) => {
    const pick = (axis: number, max: number) => 1 + (hashOf(at, axis) % max);
    const heads = pick(1, 4);
    const square = pick(2, 64);
    return {
      operator: 'softmax',
      dims: { b: pick(0, 2), hk: heads, g: 1, m: square, n: pick(3, 64), d: pick(4, 32), e: pick(5, 32) },
      mask: { name: at % 2 ? 'causal' : 'full' },
      options: {},
      dtype: 'f32',
      layout: 'bhld',
      values: { distribution: 'normal', seed: at },
    };
  });
}

/** Value and bound of small cases on one thread: target 1,500 a second. */
export async function benchOracle(): Promise<void> {
  const problems = cases(512).map((c) => problemOf(Claims.of(library, capabilities), c));
  let at = 0;
  const bench = new Bench({ time: 2000, warmupTime: 500 });
  bench.add('oracle: value and bound of a small case', () => {
    softmaxForward(problems[at++ % problems.length]);
  });
  const drawn = cases(512);
  bench.add('drawing a small case’s tensors', () => {
    problemOf(Claims.of(library, capabilities), drawn[at++ % drawn.length]);
  });
  await bench.run();
  console.table(bench.table());
}
