import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asset } from '../../../system/assets.js';
import { userCache } from '../../../system/cache-folder.js';

/** Requirements with pinned versions and hashes. They are in a clone of the repository alone, not in the package. */
export const lockFile = asset('adapters/backends/python/environment/requirements.txt');

/** Command that makes the environment, as a remedy prints it. */
export const makeEnvironment = 'npm run python';

/**
 * Folder of the locked environment in the user's cache, whether or not it was made: each lock has one of its own.
 * Returns undefined outside of a clone.
 */
export function environmentFolder(): string | undefined {
  if (!existsSync(lockFile)) return undefined;
  const hash = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  return join(userCache(), 'python', hash.slice(0, 12));
}

/** File that is written once an environment is whole. */
export const wholeMark = 'attention-cts.json';

/** Interpreter of the locked environment; undefined until `npm run python` has made it. */
export function environmentPython(): string | undefined {
  const folder = environmentFolder();
  return folder !== undefined && existsSync(join(folder, wholeMark)) ? interpreterIn(folder) : undefined;
}

/** Path of the interpreter of a virtual environment. */
export function interpreterIn(folder: string): string {
  return process.platform === 'win32' ? join(folder, 'Scripts/python.exe') : join(folder, 'bin/python');
}

/** True if a clone's locked environment, once made, has all of these modules. */
export function lockHas(modules: readonly string[]): boolean {
  if (!existsSync(lockFile)) return false;
  const locked = new Set(readFileSync(lockFile, 'utf8').match(/^[\w.-]+(?===)/gm));
  return modules.every((module) => locked.has(module.replaceAll('_', '-')));
}
