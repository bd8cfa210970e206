import { describe, expect, it } from 'vitest';
import type { Adapter } from '../../adapters/adapter.js';
import { resolveCapabilities } from '../../spec/claims/capabilities.js';
import { createLibrary } from '../../spec/library.js';
import shuffled, { leaking, seedOrders } from '../kernels/shuffled.js';
import { runsOf } from '../some.js';
import { type CheckVerdict, judgeChecks } from './judge-in-process.js';

async function judged(adapter: Adapter, runs: number, profiles: string[], filter: string[] = []): Promise<CheckVerdict[]> {
  seedOrders(1);
  const library = createLibrary();
  const capabilities = resolveCapabilities(adapter.capabilities, adapter.id);
  const found: CheckVerdict[] = [];
  const checks = judgeChecks(library, adapter, capabilities, await adapter.open(), { runs, profiles, filter });
  for await (const check of checks) found.push(check);
  return found;
}

describe('a kernel that sums in another order each call', () => {
  it('passes every check that it can be asked, and no check of its bits is asked', { timeout: 240_000 }, async () => {
    const checks = await judged(shuffled, runsOf(1, 3), ['core', 'training', 'serving', 'numerics']);
    expect(checks.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'unsupported')).toEqual([]);
    const of = (property: string) => checks.filter((check) => check.property === property).map(({ verdict }) => verdict);
    for (const property of ['oracle', 'gradient', 'non-interference', 'stateless', 'chunked-prefill', 'lse-merge', 'dyadic-exact'])
      expect([property, ...of(property)]).toContain('pass');
    expect(of('deterministic')).not.toContain('pass');
  });

  it('passes as the inside of schemes', { timeout: 240_000 }, async () => {
    const checks = await judged(shuffled, runsOf(1, 3), ['parallel'], ['**/*@{ring,ring-zigzag,ulysses,tree-decode}']);
    expect(checks.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'unsupported')).toEqual([]);
    expect(checks.filter(({ property }) => property === 'single-device').map(({ verdict }) => verdict)).toContain('pass');
  });

  it('fails where a hidden NaN or infinity comes through', { timeout: 240_000 }, async () => {
    const [check] = await judged(leaking, 20, ['core'], ['softmax/any/non-interference/f32']);
    expect(check.verdict).toBe('non-interference');
  });
});
