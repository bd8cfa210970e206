import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const prefix = 'attention-cts-chromium-';

/** A private folder for a browser's profile. Those of processes that were killed before they could remove theirs go first. */
export function profileFolder(within = tmpdir()): string {
  for (const name of readdirSync(within)) {
    const owner = /^attention-cts-chromium-(\d+)-/.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) tryToRemove(join(within, name));
  }
  return mkdtempSync(join(within, `${prefix}${process.pid}-`));
}

/** A browser that is ending may still write into it: it is emptied again, for a few seconds; what is left then, the next start sweeps. */
export async function removeFolder(folder: string): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    if (tryToRemove(folder)) return;
    await delay(100);
  }
}

function tryToRemove(folder: string): boolean {
  try {
    rmSync(folder, { recursive: true, force: true });
    return true;
  } catch {
    return false;
  }
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
