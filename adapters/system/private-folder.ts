import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Unavailable } from '../kernel.js';

const memory = '/dev/shm';
/** Bytes that must be free in memory for files to go there. */
const room = 2 ** 28;

const standing = new Set<PrivateFolder>();
process.once('exit', () => {
  for (const folder of standing) folder.remove();
});

/** New folder with mode 0700, removed at the latest when this process ends. */
export class PrivateFolder {
  readonly path: string;

  /** @param tmp parent folder; default: in memory if there is room. @throws {Unavailable} */
  constructor(tmp?: string) {
    const parent = tmp ?? (freeBytes(memory) >= room ? memory : tmpdir());
    try {
      this.path = mkdtempSync(join(parent, 'attention-cts-'));
    } catch (error) {
      throw new Unavailable(`no folder can be created in ${parent}: ${(error as Error).message}`, 'name another folder with --tmp');
    }
    standing.add(this);
  }

  free(): number {
    return freeBytes(this.path);
  }

  remove(): void {
    standing.delete(this);
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Returns the free bytes of a folder's file system; 0 if the folder does not exist. */
function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return 0;
  }
}
