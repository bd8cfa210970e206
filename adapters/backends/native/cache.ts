import { accessSync, constants, lstatSync, mkdirSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Unavailable } from '../../kernel.js';

/**
 * A folder of the user's own for what is compiled: the cache folder, or one among the temporary files.
 * @throws {Unavailable} where neither can be written.
 */
export function cacheFolder(): string {
  const { uid } = userInfo();
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const folders = [join(cache, 'attention-cts', 'native'), join(tmpdir(), `attention-cts-native-${uid}`)];
  const usable = folders.find((folder) => isOurs(folder, uid));
  if (usable !== undefined) return usable;
  throw new Unavailable(
    `the kernel cannot be compiled: neither ${folders.join(' nor ')} is a folder that can be written`,
    'set XDG_CACHE_HOME to a folder that can be written',
  );
}

/** Made where it is not there. A library that another user can replace is not loaded. */
function isOurs(folder: string, uid: number): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    const { uid: owner, mode } = lstatSync(folder);
    return process.platform === 'win32' || (owner === uid && (mode & 0o022) === 0);
  } catch {
    return false;
  }
}
