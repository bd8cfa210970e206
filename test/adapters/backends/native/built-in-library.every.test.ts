import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { builtInLibrary } from '../../../../adapters/backends/native/built-in-library.js';
import { title } from '../../../backend.js';
import { asksAll } from '../../../some.js';
import { compiler, scratch } from './kernels.js';

afterEach(() => vi.unstubAllEnvs());

it.skipIf(asksAll)('without a compiler there is a remedy', async () => {
  vi.stubEnv('PATH', scratch());
  vi.stubEnv('CXX', '');
  await expect(builtInLibrary()).rejects.toMatchObject({ name: 'Unavailable', remedy: 'apt install g++' });
});

describe.skipIf(compiler.missing)(title('the C++ kernel is compiled', compiler), () => {
  it.skipIf(!asksAll)('into the user’s cache, once, with nothing unfinished left', async () => {
    const cache = scratch();
    vi.stubEnv('XDG_CACHE_HOME', cache);
    const { file } = await builtInLibrary();
    expect(file.startsWith(cache)).toBe(true);
    expect(readdirSync(join(file, '..'))).toHaveLength(1);
    const { mtimeMs } = statSync(file);
    await builtInLibrary();
    expect(statSync(file).mtimeMs).toBe(mtimeMs);
  });

  it.skipIf(asksAll)('by the compiler that CXX names, and its complaint is shown', async () => {
    vi.stubEnv('XDG_CACHE_HOME', scratch());
    vi.stubEnv('CXX', process.execPath);
    await expect(builtInLibrary()).rejects.toMatchObject({
      name: 'Unavailable',
      reason: expect.stringContaining('does not compile the kernel'),
    });
  });

  it.skipIf(asksAll)('elsewhere, where the cache cannot be written', async () => {
    vi.stubEnv('XDG_CACHE_HOME', '/dev/null');
    const { file } = await builtInLibrary();
    expect(existsSync(file)).toBe(true);
  });
});
