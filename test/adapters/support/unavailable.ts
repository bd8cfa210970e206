import { expect, vi } from 'vitest';
import type { Adapter } from '../../../adapters/adapter.js';

/** Requires that an adapter is unavailable where no environment variable names its project, and that the remedy is to set it. */
export async function expectUnavailableWithout(variable: string, adapter: Pick<Adapter, 'open'>): Promise<void> {
  vi.stubEnv(variable, '');
  try {
    await expect(adapter.open()).rejects.toMatchObject({ name: 'Unavailable', remedy: expect.stringContaining(variable) });
  } finally {
    vi.unstubAllEnvs();
  }
}
