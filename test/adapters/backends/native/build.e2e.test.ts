import { copyFileSync, existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { locked } from '../../../../adapters/backends/native/lock.js';
import { loadNative } from '../../../../adapters/backends/native/manifest.js';
import { parseSymbols } from '../../../../adapters/system/shared-library.js';
import { title } from '../../../backend.js';
import { compiler, manifestOf, scratch, sourceOf, writeManifest } from './kernels.js';

describe.skipIf(compiler.missing)(title('build', compiler), () => {
  it('builds once, however many open, and again when a source is newer', async () => {
    const folder = scratch();
    const log = join(folder, 'log');
    writeFileSync(join(folder, 'build.sh'), `echo built >> '${log}'\ng++ -shared -fPIC -I "$2" -o kernel.so "$1"\n`);
    const source = join(folder, 'mine.cpp');
    copyFileSync(sourceOf('correct'), source);
    const headers = join(sourceOf('correct'), '..');
    const path = writeManifest(manifestOf('correct', { build: `sh build.sh mine.cpp '${headers}'` }), folder);
    const adapter = await loadNative(path);
    const builds = () => readFileSync(log, 'utf8').split('\n').length - 1;
    await Promise.all([adapter.open(), adapter.open(), adapter.open()]);
    expect(builds()).toBe(1);
    await adapter.open();
    expect(builds()).toBe(1);
    const later = new Date(Date.now() + 5000);
    utimesSync(source, later, later);
    await adapter.open();
    expect(builds()).toBe(2);
    expect(existsSync(join(folder, 'kernel.so.lock'))).toBe(false);
  });

  it('shows what the compiler says', async () => {
    const folder = scratch();
    writeFileSync(join(folder, 'bad.cpp'), '\nint kernel( { return 0; }\n');
    const path = writeManifest(manifestOf('bad', { build: 'g++ -shared -fPIC -o kernel.so bad.cpp' }), folder);
    await expect((await loadNative(path)).open()).rejects.toThrow(/kernel\.json: "build" failed \(exit 1\):\n[\s\S]*bad\.cpp:2:/);
  });

  it('runs a program by its own path, and one of the folder by a relative one', async () => {
    const folder = scratch();
    writeFileSync(join(folder, 'say.sh'), '#!/bin/sh\necho said >&2; exit 3\n', { mode: 0o755 });
    for (const build of [`${process.execPath} -e "console.error('said'); process.exit(3)"`, './say.sh']) {
      const path = writeManifest(manifestOf('idle', { build }), folder);
      await expect((await loadNative(path)).open()).rejects.toThrow(/"build" failed \(exit 3\):\nsaid/);
    }
  });

  it('holds the command to the library that it is for', async () => {
    const path = writeManifest(manifestOf('idle', { build: 'true' }));
    await expect((await loadNative(path)).open()).rejects.toThrow(/"build" ended without writing .*kernel\.so/);
  });

  it('names the nearest symbols', async () => {
    const path = writeManifest(manifestOf('correct', { symbol: 'kernels' }));
    await expect((await loadNative(path)).open()).rejects.toMatchObject({
      name: 'Unavailable',
      reason: expect.stringMatching(/kernel\.so exports no symbol "kernels"; .*"kernel"/),
      remedy: expect.stringContaining('extern "C"'),
    });
  });
});

it('symbols are read from the listing of nm', () => {
  const listing =
    '0000000000001139 T attention\n0000000000001200 W weak@@V1\n                 U expf\n0000000000004010 B data\n0000000000001000 T _init\n';
  expect(parseSymbols(listing)).toEqual(['attention', 'weak']);
});

it('the lock of a process that has died does not count', async () => {
  const file = join(scratch(), 'lock');
  writeFileSync(file, '999999999');
  expect(await locked(file, async () => readFileSync(file, 'utf8'))).toBe(String(process.pid));
  expect(existsSync(file)).toBe(false);
});
