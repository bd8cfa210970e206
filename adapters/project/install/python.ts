import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { interpreterIn, wholeMark } from '../../backends/python/environment/environment.js';
import { installedPythons } from '../../backends/python/environment/installed.js';
import { findUv, ran, Stop } from '../../backends/python/environment/uv.js';
import type { Packages } from '../packages.js';

/** Packages with the versions to which all requirements resolve. */
export interface Resolved {
  readonly packages: Packages;
  readonly python: string;
  /** Number of packages. */
  readonly count: number;
  /** Bytes to fetch, if none is in uv's cache. */
  readonly bytes: number;
  /** Requirements with versions and hashes. */
  readonly pinned: string;
}

/** Equal files of environments are one file on disk, where the file system can. */
const env = { UV_PYTHON_DOWNLOADS: 'never', UV_LINK_MODE: 'hardlink' };

/** Finds an interpreter and resolves the packages, which fetches their metadata alone. @throws {Stop} */
export async function resolve(packages: Packages): Promise<Resolved> {
  const pythons = installedPythons();
  const python = pythons.find((path) => packages.interpreter === undefined || path.includes(packages.interpreter));
  if (python === undefined) {
    const needed = packages.interpreter ?? '3.11 or newer';
    throw new Stop(`no Python ${needed} was found among ${pythons.join(', ') || 'the usual places'}: install one, for example by pyenv`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'project-'));
  try {
    const asked = join(folder, 'requirements.in');
    writeFileSync(asked, `${packages.required.join('\n')}\n`);
    const args = ['pip', 'compile', '--quiet', '--python', python, '--exclude-newer', packages.before, '--format', 'pylock.toml'];
    const lock = await ran(findUv(pythons), [...args, ...wheelsAlone(packages), asked], { env: { ...env, ...packages.buildEnvironment } });
    return { packages, python, ...readLock(lock) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** All packages but those to build must have a wheel. */
function wheelsAlone({ built }: Packages): string[] {
  return ['--only-binary', ':all:', ...built.flatMap((name) => ['--no-binary', name])];
}

/** Reads a pylock.toml of uv. The size of a package is that of the wheel for this machine, else of its source. */
export function readLock(lock: string): Pick<Resolved, 'count' | 'bytes' | 'pinned'> {
  const parts = lock.split(/^\[\[packages\]\]$/m).slice(1);
  const field = (part: string, name: string) => new RegExp(`^${name} = "(.*)"$`, 'm').exec(part)?.[1];
  const sizeOf = (part: string) => Number((/^wheels = .*?\bsize = (\d+)/ms.exec(part) ?? /\bsize = (\d+)/.exec(part))?.[1] ?? 0);
  const hashes = (part: string) => [...part.matchAll(/\bsha256 = "([0-9a-f]{64})"/g)].map(([, hash]) => ` --hash=sha256:${hash}`).join('');
  return {
    count: parts.length,
    bytes: parts.map(sizeOf).reduce((a, b) => a + b, 0),
    // names and versions, not addresses: uv's cache answers for them without asking anew
    pinned: parts.map((part) => `${field(part, 'name')}==${field(part, 'version')}${hashes(part)}\n`).join(''),
  };
}

/** Makes the environment in a folder. @throws {Stop} */
export async function makeEnvironment({ packages, python, pinned }: Resolved, folder: string): Promise<void> {
  const uv = findUv([python]);
  await ran(uv, ['venv', '--quiet', '--clear', '--no-python-downloads', '--python', python, folder], { env });
  const file = join(folder, 'requirements.txt');
  writeFileSync(file, pinned);
  const own = { ...env, ...packages.buildEnvironment, VIRTUAL_ENV: folder };
  const install = (...args: string[]) => ran(uv, ['pip', 'install', '--quiet', '--python', interpreterIn(folder), ...args], { env: own });
  if (packages.required.length > 0) await install('--no-deps', '--require-hashes', ...wheelsAlone(packages), '-r', file);
  if (packages.alone.length > 0)
    await install('--no-deps', '--no-build-isolation', '--exclude-newer', packages.before, ...wheelsAlone(packages), ...packages.alone);
  writeFileSync(join(folder, wholeMark), `${JSON.stringify({ python, packages })}\n`);
}
