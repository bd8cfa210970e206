import { accessSync, constants, lstatSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Unavailable } from '../kernel.js';
import { makeFolder } from './make-folder.js';

/** Returns `$XDG_CACHE_HOME/attention-cts` or `~/.cache/attention-cts`, which may not exist. */
export function userCache(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'attention-cts');
}

/** Returns the user's folder for compiled libraries. @throws {Unavailable} if read-only. */
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

/** Makes a missing folder. Returns false if another user could replace a library in it. */
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
