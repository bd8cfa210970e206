import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtInManifest } from '../../../../adapters/backends/native/built-in-manifest.js';
import { checkManifest } from '../../../../adapters/backends/native/check-manifest.js';
import { native } from '../../../../adapters/backends/native/index.js';
import type { Kernel } from '../../../../adapters/kernel.js';
import { resolveCapabilities } from '../../../../spec/claims/capabilities.js';
import { cacheHistory } from '../../../../suites/properties/cache/cache-history.js';
import { chunkedPrefill } from '../../../../suites/properties/cache/chunked-prefill.js';
import { pagePermutation } from '../../../../suites/properties/cache/page-permutation.js';
import { backend, title } from '../../../backend.js';
import { tryCases } from '../../../suites/properties/on-kernel.js';

const here = await backend('native');
const capabilities = resolveCapabilities(native.capabilities, 'native');

describe.skipIf(here.missing)(title('the C++ kernel on pages', here), () => {
  let kernel: Kernel;
  beforeAll(async () => {
    kernel = await native.open();
  });
  afterAll(() => kernel[Symbol.asyncDispose]());

  it.each([
    [cacheHistory.name, 'f32', cacheHistory],
    [cacheHistory.name, 'f64', cacheHistory],
    [chunkedPrefill.name, 'f32', chunkedPrefill],
    [pagePermutation.name, 'f32', pagePermutation],
  ] as const)('has %s in %s', async (_, dtype, property) => {
    expect(await tryCases(property, kernel, 40, dtype, capabilities)).toEqual({ decided: 40 });
  });
});

describe('a manifest with pages', () => {
  const check = (changes: object) => checkManifest({ ...builtInManifest, ...changes } as typeof builtInManifest, 'kernel.json');
  const paged = builtInManifest.paged as NonNullable<typeof builtInManifest.paged>;
  const without = (name: string) => ({
    paged: { ...paged, arguments: Object.fromEntries(Object.entries(paged.arguments).filter(([other]) => other !== name)) },
  });

  it('names the function for them, with the table and the lengths', () => {
    expect(check({}).paged?.symbol).toBe('attention_paged_{dtype}');
    expect(() => check({ paged: undefined })).toThrow(/"paged" is missing/);
    expect(() => check(without('block_table'))).toThrow(/no argument is a pointer to block_table/);
  });

  it('writes the cache where it appends, and only reads it where it does not', () => {
    const constant = { paged: { ...paged, arguments: { ...paged.arguments, k_pages: 'const void *', v_pages: 'const void *' } } };
    expect(() => check(constant)).toThrow(/pages.append claim k_pages/);
    expect(check({ ...constant, capabilities: { ...builtInManifest.capabilities, pages: { sizes: [16] } } }).paged).toBeDefined();
  });
});
