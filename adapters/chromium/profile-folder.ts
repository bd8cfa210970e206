import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'attention-cts-chromium-';

/** A private folder for a browser's profile. Those of processes that were killed before they could remove theirs go first. */
export function profileFolder(within = tmpdir()): string {
  for (const name of readdirSync(within)) {
    const owner = /^attention-cts-chromium-(\d+)-/.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) removeFolder(join(within, name));
  }
  return mkdtempSync(join(within, `${prefix}${process.pid}-`));
}

/** A browser that is ending may still write into it. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // it may be another user's
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
