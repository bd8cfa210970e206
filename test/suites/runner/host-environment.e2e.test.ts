import { fileURLToPath } from 'node:url';
import { afterEach, expect, it, vi } from 'vitest';
import { Host } from '../../../suites/runner/host/host.js';

const source = fileURLToPath(new URL('../../kernels/waits.js', import.meta.url));

afterEach(() => {
  vi.unstubAllEnvs();
});

async function policyOf(timed: boolean): Promise<string | undefined> {
  const start = await Host.start({ source, documents: [], dialect: {}, timeout: 60_000, startTimeout: 60_000, timed });
  if (start.state !== 'open') throw new Error(start.reason);
  await start.host.stop();
  return start.adapter.title;
}

it('lets threads of OpenMP sleep while they wait where it is not alone, and leaves a kernel that is timed as it is', async () => {
  vi.stubEnv('OMP_WAIT_POLICY', undefined);
  expect([await policyOf(false), await policyOf(true)]).toEqual(['passive', 'as OpenMP does']);
});

it('leaves the policy to its user, who has one', async () => {
  vi.stubEnv('OMP_WAIT_POLICY', 'active');
  expect(await policyOf(false)).toBe('active');
});
