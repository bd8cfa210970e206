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

/** A new folder that only we may enter (0700). It is gone when this process ends, if not before. */
export class PrivateFolder {
  readonly path: string;

  /**
   * @param tmp where it lies; by default in memory where there is room, else where temporary files go.
   * @throws {Unavailable} where none can be made.
   */
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

  /** With all that is in it. */
  remove(): void {
    standing.delete(this);
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Free bytes where a folder lies; none where there is no such folder. */
function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return 0;
  }
}
