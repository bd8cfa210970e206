import { expect, it } from 'vitest';
import { createLibrary } from '../../../spec/library.js';
import { Forecast } from '../../../suites/bench/forecast.js';
import { type BenchProblem, workloadsOf } from '../../../suites/bench/problems.js';

const library = createLibrary();
const of = (mask: string, n: number): BenchProblem => {
  const [[problem]] = workloadsOf(library, {
    operator: 'softmax',
    masks: [mask],
    lengths: [n],
    dtypes: ['f32'],
    passes: ['forward'],
    sizes: { b: 1, hk: 1, g: 1, d: 4 },
    schemes: [],
    ranks: [],
    transport: 'workers',
    seed: 0,
  });
  return problem;
};
const latency = (p50: number) => ({ samples: 3, min: p50, p50, p75: p50, p99: p50, mean: p50, mad: 0, rme: 0 });
const limits = { call: 60_000, left: 100_000, budget: 300_000 };

it('tells from shorter problems that a call, or all of a timing, takes too long', () => {
  const forecast = new Forecast();
  expect(forecast.whySkipped('a', of('causal', 64), 1e9, limits)).toBeUndefined();
  forecast.note('a', of('causal', 64), { flops: 1e9, latency: latency(1000) }, 10_000);
  expect(forecast.whySkipped('a', of('full', 128), 9e9, limits)).toBeUndefined();
  expect(forecast.whySkipped('a', of('full', 128), 11e9, limits)).toMatchObject({
    verdict: 'skipped',
    reason: 'it would take about 110 s, more than is left of the budget of 300 s',
  });
  expect(forecast.whySkipped('a', of('full', 512), 64e9, { ...limits, left: Infinity })).toMatchObject({
    verdict: 'skipped',
    reason: 'a call would take about 64 s; the limit is 60 s, enough for about 495 tokens; allow more with --timeout',
  });
  expect(forecast.whySkipped('b', of('full', 512), 64e9, limits)).toBeUndefined();
  expect(forecast.whySkipped('b', of('full', 512), 1, { ...limits, left: 0 })).toMatchObject({ reason: 'the budget of 300 s was spent' });
});

it('does not ask for lengths beyond one that had no memory, of the same mask alone', () => {
  const forecast = new Forecast();
  forecast.stop('a', of('causal', 128), 'memory');
  forecast.stop('a', of('causal', 256), 'memory');
  expect(forecast.whySkipped('a', of('causal', 64), 1, limits)).toBeUndefined();
  expect(forecast.whySkipped('a', of('full', 128), 1, limits)).toBeUndefined();
  for (const n of [128, 200, 256])
    expect(forecast.whySkipped('a', of('causal', n), 1, limits)).toEqual({
      verdict: 'unsupported',
      reason: 'it ran out of memory at 128 tokens',
    });
});
