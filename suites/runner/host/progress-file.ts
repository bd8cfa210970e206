import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Notes the current case. @param file descriptor in the host. @param at index in the batch. */
export function noteCase(file: number, batch: number, at: number): void {
  writeSync(file, new Uint8Array(Uint32Array.of(batch, at).buffer), 0, 8, 0);
}

/** Nameless file with the current case: a dying process may lose earlier replies. */
export class ProgressFile {
  readonly descriptor: number;
  private isClosed = false;

  constructor(folder: string) {
    const path = join(folder, 'progress');
    this.descriptor = openSync(path, 'w+');
    unlinkSync(path);
  }

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
