import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Processes (Linux) whose command line or environment has the text, as their command lines. */
export function processesWith(text: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      const command = read(`/proc/${pid}/cmdline`);
      return command.includes(text) || read(`/proc/${pid}/environ`).includes(text) ? [command.replaceAll('\0', ' ')] : [];
    });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Waits until `holds` does, and fails where it does not within a minute: the machine may have other work. */
export async function eventually(what: string, holds: () => boolean): Promise<void> {
  for (let i = 0; i < 1200; i++) {
    if (holds()) return;
    await delay(50);
  }
  throw new Error(`a minute, and still not: ${what}`);
}
