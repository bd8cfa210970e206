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

/** A host, a process group of its own, which a terminal's interrupt does not reach, with whatever it started and wrote. None of it outlives the runner. */
export class ProcessTree {
  private child: ChildProcess | undefined;
  private ended = false;

  /** Guarded from here on. */
  constructor(private readonly folder: PrivateFolder) {
    living.add(this);
    watchOver({ path: folder.path });
  }

  /** The environment of its host. */
  get mark(): Readonly<Record<string, string>> {
    return { [markName]: this.folder.path };
  }

  /** Its host, which leads a process group. */
  lead(child: ChildProcess): void {
    this.child = child;
    watchOver({ path: this.folder.path, pid: child.pid });
  }

  /** Kills all of it. Does no harm where it is gone already. */
  kill(): void {
    const pid = this.child?.pid;
    if (this.ended || pid === undefined) return;
    if (process.platform === 'win32') this.child?.kill('SIGKILL');
    else kill(-pid);
  }

  /** Kills all of it, with those who left the group or became orphans, and removes its files. */
  end(): void {
    this.kill();
    this.ended = true;
    living.delete(this);
    for (let strays = this.members(); strays.length > 0; strays = this.members()) strays.forEach(kill);
    this.folder.remove();
    forget(this.folder.path);
    // those of a living host that emptied their environment are not told apart from this one's: they wait for the last; each may leave others behind
    if (living.size > 0) return;
    for (let left = orphans(); left.length > 0; left = orphans()) left.forEach(kill);
  }

  /** CPU times of the threads of its processes; undefined where the system does not say. */
  times(): ThreadTimes | undefined {
    return threadTimes(this.members());
  }

  /** Its processes, where the system says (Linux): those that carry its mark. */
  private members(): number[] {
    if (process.platform !== 'linux') return [];
    const mark = `${markName}=${this.folder.path}`;
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.filter((pid) => environmentOf(pid).includes(mark)).map(Number);
  }
}

/** Nothing where it may not be read, or of a process that has ended. */
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
  } catch {
    // it is gone already
  }
}
