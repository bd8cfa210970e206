import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../adapters/adapter.js';
import type { Kernel } from '../../adapters/kernel.js';
import {
  alibiCapabilities,
  alibiKernel,
  narrowCacheCapabilities,
  narrowCacheKernel,
  retentionCapabilities,
  retentionKernel,
} from '../kernels/fixed-values.js';
import { everyProperty, judgeOperators, type Told } from './judge-operators.js';

async function judged(capabilities: Capabilities, kernel: Kernel, runs: number, filter?: string): Promise<Told[]> {
  const options = { runs, ...(filter && { filter: [filter] }) };
  return judgeOperators({ id: 'kernel', capabilities }, kernel, [everyProperty(capabilities.operators)], options);
}

const asked = (told: readonly Told[]) => told.filter(({ verdict }) => verdict !== 'unsupported');
const notPassed = (told: readonly Told[]) => asked(told).filter(({ verdict }) => verdict !== 'pass');

describe.each<[string, Capabilities, (fault?: never) => Kernel, () => Kernel]>([
  ['ALiBi and a soft cap that no caller chooses', alibiCapabilities, alibiKernel, () => alibiKernel(1)],
  ['the decays of retention', retentionCapabilities, retentionKernel, () => retentionKernel(-4)],
  ['keys and values in fp8 beside queries in bf16', narrowCacheCapabilities, narrowCacheKernel, () => narrowCacheKernel(false)],
])('%s', (_, capabilities, right, wrong) => {
  it('are judged right', async () => {
    const told = await judged(capabilities, right(), 3);
    expect(notPassed(told)).toEqual([]);
    expect(asked(told).length).toBeGreaterThan(6);
  });

  it('are found wrong', async () => {
    expect(notPassed(await judged(capabilities, wrong(), 20, '**/full/oracle/*')).map(({ verdict }) => verdict)).toContain('fail value');
  });
});

it('a check that a fixed option would change is not asked, and says so', async () => {
  const told = await judged(alibiCapabilities, alibiKernel(), 1, '**/visibility/*');
  expect(told.find(({ id }) => id === 'softmax/causal/visibility/f32')).toMatchObject({
    verdict: 'unsupported',
    why: 'the implementation computes alibi itself, which changes the cases of this check',
  });
});
