import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  environmentFolder,
  environmentPython,
  interpreterIn,
  lockFile,
  lockHas,
  wholeMark,
} from '../../../../adapters/backends/python/environment/environment.js';
import { installedPythons } from '../../../../adapters/backends/python/environment/installed.js';
import { findPython } from '../../../../adapters/backends/python/interpreter.js';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const modules = ['numpy', 'torch', 'safetensors', 'jax'];

/** A program in place of an interpreter, which has the modules that it does not list as missing. */
function interpreter(path: string, ...missing: string[]): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho 3.12.1 ${missing.join(' ')}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('requirements.txt', () => {
  const lines = readFileSync(lockFile, 'utf8').split('\n');
  const packages = lines.filter((line) => /^[a-z]/.test(line));

  it('pins every package of requirements.in', () => {
    const asked = readFileSync(lockFile.replace(/txt$/, 'in'), 'utf8').match(/^[a-z].*/gm) ?? [];
    expect(asked.length).toBeGreaterThan(4);
    expect(asked.filter((name) => !packages.some((line) => line.startsWith(`${name}==`)))).toEqual([]);
    expect(lockHas(asked)).toBe(true);
    expect(lockHas([...asked, 'flash_attn'])).toBe(false);
  });

  it('has a version and a hash for every package', () => {
    const loose = packages.filter((line) => !/^[\w.-]+==\S+.* \\$/.test(line) || !/^ +--hash=sha256:/.test(lines[lines.indexOf(line) + 1]));
    expect(loose).toEqual([]);
  });
});

// the programs in place of interpreters are shell scripts
describe.skipIf(process.platform === 'win32')('the locked environment', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'attn-cts-environment-'));
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
    vi.stubEnv('ATTN_CTS_PYTHON', '');
    vi.stubEnv('PATH', join(folder, 'bin'));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  const made = (...missing: string[]) => {
    const environment = environmentFolder() as string;
    interpreter(interpreterIn(environment), ...missing);
    return environment;
  };

  it('is found once it is whole', async () => {
    interpreter(join(folder, 'bin/python3'), 'torch');
    const environment = made();
    expect(environmentPython()).toBeUndefined();
    writeFileSync(join(environment, wholeMark), '{}');
    expect(await findPython(modules)).toBe(interpreterIn(environment));
  });

  it('comes after the first interpreter on the path', async () => {
    interpreter(join(folder, 'bin/python3'));
    writeFileSync(join(made(), wholeMark), '{}');
    expect(await findPython(modules)).toBe('python3');
  });

  it('is the remedy where modules that it has are missing', async () => {
    interpreter(join(folder, 'bin/python3'), 'torch', 'jax');
    await expect(findPython(modules)).rejects.toThrow(/npm run python in this clone, or \S*python3 -m pip install torch jax/);
    await expect(findPython([...modules, 'flash_attn'])).rejects.not.toThrow(/npm run python/);
    await expect(findPython(modules, join(folder, 'bin/python3'))).rejects.not.toThrow(/npm run python/);
  });
});

describe('npm run python', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['--import', 'jiti/register', 'adapters/backends/python/environment/main.ts', ...args], {
      cwd: root,
      env: { ...process.env, XDG_CACHE_HOME: join(tmpdir(), 'attn-cts-no-such-cache') },
      encoding: 'utf8',
    });

  it('tells what it does and what it costs', () => {
    const { status, stdout } = run('--help');
    expect(status).toBe(0);
    expect(stdout).toMatch(/3 GB to fetch and 6 GB on disk/);
  });

  it('refuses an option that it does not have, and an interpreter that is none', () => {
    expect(run('--upgrade')).toMatchObject({ status: 2, stderr: expect.stringContaining("Unknown option '--upgrade'") });
    const refused = '/nowhere/python is not Python 3.11 or newer: install one, or name one with --python PATH';
    expect(run('--python', '/nowhere/python')).toMatchObject({ status: 1, stderr: expect.stringContaining(refused) });
  });
});

describe('installedPythons', () => {
  it('lists interpreters that run, the newest first', () => {
    const version = (path: string) => {
      const { stdout } = spawnSync(path, ['-c', 'import sys; print(sys.version_info[0] * 1000 + sys.version_info[1])'], {
        encoding: 'utf8',
      });
      return Number(stdout);
    };
    const versions = installedPythons().map(version);
    expect(versions).toEqual([...versions].sort((a, b) => b - a));
    expect(versions.every((v) => v >= 3011)).toBe(true);
  });
});
