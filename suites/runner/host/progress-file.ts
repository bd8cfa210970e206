import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Notes the case that a host begins. @param file the descriptor under which the host has its parent's file. @param at number of the case in its batch. */
export function noteCase(file: number, batch: number, at: number): void {
  writeSync(file, new Uint8Array(Uint32Array.of(batch, at).buffer), 0, 8, 0);
}

/** The file, without a name, in which a host notes the case under way: replies to earlier cases may be lost when its process ends. */
export class ProgressFile {
  readonly descriptor: number;
  private isClosed = false;

  /** @param folder a folder that can be written. */
  constructor(folder: string) {
    const path = join(folder, 'progress');
    this.descriptor = openSync(path, 'w+');
    unlinkSync(path);
  }

  /** @returns the number of the case that a host noted for a batch, 0 where it noted none. */
  caseOf(batch: number): number {
    if (this.isClosed) return 0;
    const mark = new Uint32Array(2);
    readSync(this.descriptor, mark, 0, 8, 0);
    return mark[0] === batch ? mark[1] : 0;
  }

  close(): void {
    if (!this.isClosed) closeSync(this.descriptor);
    this.isClosed = true;
  }
}
