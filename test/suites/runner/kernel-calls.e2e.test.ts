import { expect, it } from 'vitest';
import { runKernels } from './run-kernels.js';

it('a call tells a kernel nothing of what its numbers were drawn from', async () => {
  const { checks } = await runKernels(['asks-for-seeds'], { filter: ['softmax/{causal,any}/{oracle,stateless,deterministic}/f32'] });
  expect(checks.map(({ verdict }) => verdict)).toEqual(checks.map(() => 'pass'));
});

it('a call of a kernel on one of several ranks tells it nothing either', async () => {
  const filter = ['softmax/full/single-device/f32@{ring,ulysses}'];
  const { checks } = await runKernels(['asks-for-seeds'], { profiles: ['parallel'], filter, runs: 3 });
  expect(checks.length).toBeGreaterThan(0);
  expect(checks.map(({ verdict }) => verdict)).toEqual(checks.map(() => 'pass'));
});
