import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const prefix = 'attention-cts-chromium-';

/** Makes a private profile folder, after removing the folders of processes that no longer run. */
export function profileFolder(within = tmpdir()): string {
  for (const name of readdirSync(within)) {
    const owner = /^attention-cts-chromium-(\d+)-/.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) tryToRemove(join(within, name));
  }
  return mkdtempSync(join(within, `${prefix}${process.pid}-`));
}

/** Removes a folder, retrying for 5 seconds because an ending browser may still write to it. */
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
    // EPERM: the process runs, as another user
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
