import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asset } from '../../../system/assets.js';
import { userCache } from '../../../system/cache-folder.js';

/** Requirements with pinned versions and hashes, in a clone of the repository only. */
export const lockFile = asset('adapters/backends/python/environment/requirements.txt');

/** Command that makes the environment. */
export const makeEnvironment = 'npm run python';

/** Returns the folder for the locked environment, made or not; undefined outside a clone. */
export function environmentFolder(): string | undefined {
  if (!existsSync(lockFile)) return undefined;
  const hash = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  return join(userCache(), 'python', hash.slice(0, 12));
}

/** File that marks a complete environment. */
export const wholeMark = 'attention-cts.json';

/** Returns the interpreter of the locked environment; undefined until it is made. */
export function environmentPython(): string | undefined {
  const folder = environmentFolder();
  return folder !== undefined && existsSync(join(folder, wholeMark)) ? interpreterIn(folder) : undefined;
}

/** Returns the interpreter of a virtual environment. */
export function interpreterIn(folder: string): string {
  return process.platform === 'win32' ? join(folder, 'Scripts/python.exe') : join(folder, 'bin/python');
}

/** Returns true if a clone's lock has all of these modules. */
export function lockHas(modules: readonly string[]): boolean {
  if (!existsSync(lockFile)) return false;
  const locked = new Set(readFileSync(lockFile, 'utf8').match(/^[\w.-]+(?===)/gm));
  return modules.every((module) => locked.has(module.replaceAll('_', '-')));
}
