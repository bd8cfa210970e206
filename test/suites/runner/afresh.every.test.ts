import { expect, it } from 'vitest';
import { causesOf } from '../../../reports/result/causes.js';
import { runKernels } from './run-kernels.js';

it('a kernel that keeps the length of its first call is told so, and not that every element is 0', async () => {
  const filter = ['softmax/causal/oracle/f32', 'softmax/full/oracle/f32'];
  const { checks } = await runKernels(['stale-length'], { filter, jobs: 1 });
  expect(checks.map(({ verdict }) => verdict)).toEqual(['fail', 'fail']);
  for (const { failure } of checks) {
    expect(failure?.hint).toContain('something is kept from an earlier case, such as a length');
    expect(failure?.where).toBeUndefined();
  }
  expect(causesOf(checks)).toHaveLength(1);
});

it('a kernel that is wrong in every process is not told so', async () => {
  const { checks } = await runKernels(['nan']);
  expect(checks.map(({ verdict }) => verdict)).toEqual(['fail']);
  expect(checks[0].failure?.hint ?? '').not.toContain('kept from an earlier case');
  expect(checks[0].failure?.passesWith).toEqual([{ n: 19 }]);
});
