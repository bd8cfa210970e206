import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { PrivateFolder } from '../../../adapters/system/private-folder.js';
import { forget, markName, watchOver } from './guardian.js';
import { orphans } from './orphans.js';
import { type ThreadTimes, threadTimes } from './timing/thread-times.js';

const living = new Set<ProcessTree>();
process.once('exit', () => {
  for (const tree of living) tree.end();
});

/**
 * A host, which leads a process group, and all its descendants and files. They end with the runner.
 */
export class ProcessTree {
  private child: ChildProcess | undefined;
  private ended = false;

  constructor(private readonly folder: PrivateFolder) {
    living.add(this);
    watchOver({ path: folder.path });
  }

  get mark(): Readonly<Record<string, string>> {
    return { [markName]: this.folder.path };
  }

  lead(child: ChildProcess): void {
    this.child = child;
    watchOver({ path: this.folder.path, pid: child.pid });
  }

  kill(): void {
    const pid = this.child?.pid;
    if (this.ended || pid === undefined) return;
    if (process.platform === 'win32') this.child?.kill('SIGKILL');
    else kill(-pid);
  }

  /** Kills all processes, strays and orphans included, and removes files. */
  end(): void {
    this.kill();
    this.ended = true;
    living.delete(this);
    for (let strays = this.members(); strays.length > 0; strays = this.members()) strays.forEach(kill);
    this.folder.remove();
    forget(this.folder.path);
    // orphans of several hosts look alike: they wait for the last host, and may leave further ones
    if (living.size > 0) return;
    for (let left = orphans(); left.length > 0; left = orphans()) left.forEach(kill);
  }

  times(): ThreadTimes | undefined {
    return threadTimes(this.members());
  }

  /** Processes with its mark (Linux). */
  private members(): number[] {
    if (process.platform !== 'linux') return [];
    const mark = `${markName}=${this.folder.path}`;
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.filter((pid) => environmentOf(pid).includes(mark)).map(Number);
  }
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {}
}
