import { describe, expect, it } from 'vitest';
import { Claims } from '../../../spec/claims/claims.js';
import { planChecks } from '../../../suites/plan/plan.js';
import { profilesNamed } from '../../../suites/plan/profile-checks.js';
import { mergeResults } from '../../../suites/plan/shards/merge.js';
import { capable, library } from '../../generators/capable.js';
import { runKernels, scratch } from './run-kernels.js';

const options = { filter: ['softmax/{full,causal}/oracle/f32'], runs: 6, jobs: 1 };
const half = (index: number) => ({ index, count: 2 });

describe('the class of speed by which a run draws', () => {
  it('is what the adapter claims, else medium', () => {
    const planned = (claims: Partial<Parameters<typeof capable>[0]>, speed?: 'fast') =>
      planChecks(profilesNamed(library, ['core']), { id: 'mine', claims: Claims.of(library, capable(claims)) }, { runs: 1, speed });
    const classes = (...asked: Parameters<typeof planned>) => [...new Set(planned(...asked).map((check) => check.request.speed))];
    expect(classes({})).toEqual(['medium']);
    expect(classes({ speed: 'slow' })).toEqual(['slow']);
    expect(classes({ speed: 'slow' }, 'fast')).toEqual(['fast']);
  });

  it('belongs to the plan: another is another plan', async () => {
    const out = scratch();
    const slow = await runKernels(['correct'], { ...options, out, speed: 'slow' });
    const fast = await runKernels(['correct'], { ...options, speed: 'fast' });
    expect(slow.adapters[0].speed).toBe('slow');
    expect(fast.adapters[0].speed).toBe('fast');
    expect(slow.plan.hash).not.toBe(fast.plan.hash);
    await expect(runKernels(['correct'], { ...options, out, speed: 'fast', resume: true })).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringContaining('another plan'),
    });
  });

  it('is one of all shards, whoever runs them', async () => {
    const [first, second] = await Promise.all([1, 2].map((i) => runKernels(['correct'], { ...options, shard: half(i), speed: undefined })));
    expect([first, second].map(({ adapters }) => adapters[0].speed)).toEqual(['medium', 'medium']);
    const whole = mergeResults([first, second].map((result, i) => ({ document: `${i}`, result })));
    expect(whole.plan.hash).toBe((await runKernels(['correct'], { ...options, speed: undefined })).plan.hash);
    const told = await runKernels(['correct'], { ...options, shard: half(1), speed: 'slow' });
    expect(() =>
      mergeResults([
        { document: 'a', result: told },
        { document: 'b', result: second },
      ]),
    ).toThrow(/\$\.adapters\[0\]\.speed.*"medium".*"slow".*--speed/s);
  });
});
