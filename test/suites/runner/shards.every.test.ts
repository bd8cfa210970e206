import { expect, test } from 'vitest';
import { costsOf } from '../../../suites/plan/shards/cost-table.js';
import { mergeResults } from '../../../suites/plan/shards/merge.js';
import type { PlanShard } from '../../../suites/plan/shards/shard.js';
import { asksAll } from '../../some.js';
import { runKernels, scratch, timeless } from './run-kernels.js';

const options = { filter: ['softmax/{full,causal,document}/oracle/f32', 'softmax/any/deterministic/f32'], runs: 6, jobs: 1 };
const thirds: PlanShard[] = [1, 2, 3].map((index) => ({ index, count: 3 }));

test.skipIf(!asksAll)('three shards merged are one run', async () => {
  const whole = await runKernels(['nan'], options);
  const costs = costsOf(whole.checks);
  const parts = [];
  for (const shard of thirds) parts.push({ document: `${shard.index}`, result: await runKernels(['nan'], { ...options, shard, costs }) });
  expect(parts.every(({ result }) => result.checks.length < whole.checks.length)).toBe(true);
  expect(timeless(mergeResults(parts))).toEqual(timeless(whole));
});

test.skipIf(asksAll)('another shard is not gone on with', async () => {
  const out = scratch();
  await runKernels(['correct'], { ...options, shard: thirds[0], out });
  await expect(runKernels(['correct'], { ...options, shard: thirds[1], out, resume: true })).rejects.toMatchObject({
    name: 'UsageError',
    message: expect.stringContaining('another --shard'),
  });
  expect((await runKernels(['correct'], { ...options, shard: thirds[0], out, resume: true })).plan.shard).toBe('1/3');
});
