import { accessSync, constants, lstatSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Unavailable } from '../kernel.js';
import { makeFolder } from './make-folder.js';

/** Folder of the suite in the user's cache, which need not exist: `$XDG_CACHE_HOME/attention-cts`, or `~/.cache/attention-cts`. */
export function userCache(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'attention-cts');
}

/**
 * A folder of the user's own for compiled libraries: in the cache folder, else among the temporary files.
 * @throws {Unavailable} if neither can be written.
 */
export function libraryFolder(): string {
  const { uid } = userInfo();
  const folders = [join(userCache(), 'native'), join(tmpdir(), `attention-cts-native-${uid}`)];
  const usable = folders.find((folder) => isOurs(folder, uid));
  if (usable !== undefined) return usable;
  throw new Unavailable(
    `the kernel cannot be compiled: neither ${folders.join(' nor ')} is a folder that can be written`,
    'set XDG_CACHE_HOME to a folder that can be written',
  );
}

/** Creates the folder if it is missing. Returns false if another user could replace a library in it. */
function isOurs(folder: string, uid: number): boolean {
  try {
    makeFolder(folder, 0o700);
    accessSync(folder, constants.W_OK);
    const { uid: owner, mode } = lstatSync(folder);
    return process.platform === 'win32' || (owner === uid && (mode & 0o022) === 0);
  } catch {
    return false;
  }
}
