import { expect, it } from 'vitest';
import type { Bench, Timing } from '../../../spec/types/documents.js';
import { measuredBlocks } from '../../../suites/simulate/measured-blocks.js';

/** Timings of 1 ms, so that a rate is a thousand times the operations. */
function timing(adapter: string, mask: string, n: number, flops: number, pass: Timing['pass'] = 'forward', m = n): Timing {
  const dims = { b: 1, hk: 1, g: 1, m, n, d: 8, e: 8 };
  const c = {
    operator: 'softmax',
    dims,
    mask: { name: mask },
    options: {},
    dtype: 'f32',
    layout: 'bhld',
    values: { distribution: 'normal', seed: 0 },
  };
  const latency = { samples: 1, min: 1, p50: 1, p75: 1, p99: 1, mean: 1, mad: 0, rme: 0 };
  return { adapter, case: c as never, pass, verdict: 'timed', flops, latency, warnings: [] };
}

const bench = (...timings: Timing[]) => ({ timings }) as Bench;

it('rates by length are those of causal attention, and of full attention where it was timed', () => {
  const timed = bench(
    timing('mine', 'causal', 1024, 5),
    timing('mine', 'causal', 512, 2),
    timing('mine', 'full', 512, 4),
    timing('mine', 'sliding-window', 2048, 9),
    timing('mine', 'causal', 4096, 9, 'forward', 1),
    timing('other', 'causal', 512, 1),
  );
  expect(measuredBlocks(timed, 'mine', ['forward'])).toEqual({
    flops: { forward: 5000, backward: 5000 },
    blocks: {
      tokens: [512, 1024],
      forward: { full: [4000, 5000], causal: [2000, 5000] },
      backward: { full: [4000, 5000], causal: [2000, 5000] },
    },
  });
});

it('both passes need timings of both', () => {
  const both = bench(timing('mine', 'causal', 512, 2), timing('mine', 'causal', 512, 3, 'backward'), timing('mine', 'causal', 1024, 5));
  expect(measuredBlocks(both, undefined, ['forward', 'backward'])).toMatchObject({
    flops: { forward: 2000, backward: 3000 },
    blocks: { tokens: [512] },
  });
  const forward = bench(timing('mine', 'causal', 512, 2));
  expect(() => measuredBlocks(forward, undefined, ['forward', 'backward'])).toThrow(
    'mine has no timed forward and backward of causal attention',
  );
});

it('whose timings count is asked where several adapters have some', () => {
  expect(() => measuredBlocks(bench(timing('a', 'causal', 1, 1), timing('b', 'causal', 1, 1)), undefined, ['forward'])).toThrow(
    'with --adapter: a, b',
  );
  expect(() => measuredBlocks(bench(), undefined, ['forward'])).toThrow('none was timed');
});
