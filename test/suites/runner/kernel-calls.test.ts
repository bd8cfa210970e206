import { expect, it } from 'vitest';
import { runKernels } from './run-kernels.js';

it('a call tells a kernel nothing of what its numbers were drawn from', async () => {
  const { checks } = await runKernels(['asks-for-seeds'], { filter: ['softmax/{causal,any}/{oracle,stateless,deterministic}/f32'] });
  expect(checks.map(({ verdict }) => verdict)).toEqual(checks.map(() => 'pass'));
});
