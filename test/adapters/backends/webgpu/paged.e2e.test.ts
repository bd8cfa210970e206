import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kernel } from '../../../../adapters/kernel.js';
import { loadAdapter } from '../../../../adapters/load.js';
import { type FullCapabilities, resolveCapabilities } from '../../../../spec/claims/capabilities.js';
import { cacheHistory } from '../../../../suites/properties/cache/cache-history.js';
import { chunkedPrefill } from '../../../../suites/properties/cache/chunked-prefill.js';
import { pagePermutation } from '../../../../suites/properties/cache/page-permutation.js';
import { backend, title } from '../../../backend.js';
import { tryCases } from '../../../suites/properties/on-kernel.js';

const here = await backend('webgpu');

describe.skipIf(here.missing).each(['webgpu', 'webgpu-naive', 'webgpu-split-kv'])(title('%s on pages', here), (id) => {
  let kernel: Kernel;
  let capabilities: FullCapabilities;
  beforeAll(async () => {
    const adapter = await loadAdapter(id);
    capabilities = resolveCapabilities(adapter.capabilities, id);
    kernel = await adapter.open();
  });
  afterAll(() => kernel[Symbol.asyncDispose]());

  it.each([cacheHistory, chunkedPrefill, pagePermutation].map((property) => [property.name, property] as const))(
    'has %s',
    async (_, property) => {
      expect(await tryCases(property, kernel, 10, 'f32', capabilities)).toEqual({ decided: 10 });
    },
  );
});
