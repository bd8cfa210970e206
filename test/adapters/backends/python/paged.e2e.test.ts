import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadAdapter } from '../../../../adapters/load.js';
import { resolveCapabilities } from '../../../../spec/claims/capabilities.js';
import type { Property } from '../../../../suites/contract/property.js';
import { cacheHistory } from '../../../../suites/properties/cache/cache-history.js';
import { chunkedPrefill } from '../../../../suites/properties/cache/chunked-prefill.js';
import { captured } from '../../../../suites/properties/kernel/captured.js';
import { title } from '../../../backend.js';
import { tryCases } from '../../../suites/properties/on-kernel.js';
import { pythonWith } from './python.js';

const numpy = await pythonWith('numpy');
const file = fileURLToPath(new URL('kernels/paged.py', import.meta.url));
const capturedFile = fileURLToPath(new URL('kernels/captured.py', import.meta.url));

async function trial(name: string, property: Property, cases: number, from = file) {
  const adapter = await loadAdapter(`python:${from}:${name}`);
  const kernel = await adapter.open();
  try {
    return await tryCases(property, kernel, cases, 'f32', resolveCapabilities(adapter.capabilities, name));
  } finally {
    await kernel[Symbol.asyncDispose]();
  }
}

describe.skipIf(numpy.missing)(title('python kernels with pages', numpy), () => {
  it.each(['appends', 'reads'])('%s: right on any history', async (name) => {
    expect(await trial(name, cacheHistory, 10)).toEqual({ decided: 10 });
    expect(await trial(name, chunkedPrefill, 5)).toEqual({ decided: 5 });
  });

  it('reads_on: fails by what lies in the slots that hold none of its tokens', async () => {
    expect((await trial('reads_on', cacheHistory, 10)).failure?.class).toMatch(/value|nan/);
  });

  it('captured: right in every replay, or with the lengths of the first call', async () => {
    expect(await trial('keeps_pointers', captured, 12, capturedFile)).toEqual({ decided: 12 });
    const { failure } = await trial('keeps_lengths', captured, 40, capturedFile);
    expect(failure).toMatchObject({ class: 'captured', message: expect.stringMatching(/another cache_lengths/) });
  });
});
