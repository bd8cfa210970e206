import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { PrivateFolder } from '../../../adapters/system/private-folder.js';
import { orphans } from './orphans.js';

/** In the environment of a host and of whatever it starts: the path of its private folder, by which they are known. */
const markName = 'ATTENTION_CTS_HOST';

/**
 * Ends a tree when the runner is gone, however it went: then its end of the pipe closes, and a read fails. It reads the host's process id, and later a line
 * that says that all is done.
 */
const guard = `
read -r host && read -r _ && exit 0
[ -n "$host" ] && kill -9 -- "-$host"
for environ in $(grep -lzsFx "${markName}=$1" /proc/[0-9]*/environ); do
  pid=\${environ#/proc/}
  kill -9 "\${pid%/environ}"
done
rm -rf -- "$1"
`;

const living = new Set<ProcessTree>();
process.once('exit', () => {
  for (const tree of living) tree.end();
});

/** A host, a process group of its own, which a terminal's interrupt does not reach, with whatever it started and wrote. None of it outlives the runner. */
export class ProcessTree {
  private readonly guardian: ChildProcess | undefined;
  private child: ChildProcess | undefined;
  private ended = false;

  /** Guarded from here on. */
  constructor(private readonly folder: PrivateFolder) {
    living.add(this);
    if (process.platform === 'win32') return;
    this.guardian = spawn('/bin/sh', ['-c', guard, 'sh', folder.path], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    // without a shell, a host still ends itself when its channel closes
    this.guardian.on('error', () => {});
    this.guardian.stdin?.on('error', () => {});
    this.guardian.unref();
  }

  /** The environment of its host. */
  get mark(): Readonly<Record<string, string>> {
    return { [markName]: this.folder.path };
  }

  /** Its host, which leads a process group. */
  lead(child: ChildProcess): void {
    this.child = child;
    this.guardian?.stdin?.write(`${child.pid ?? ''}\n`);
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
    for (let strays = this.strays(); strays.length > 0; strays = this.strays()) strays.forEach(kill);
    this.folder.remove();
    this.guardian?.stdin?.end('done\n');
    // those of a living host that emptied their environment are not told apart from this one's: they wait for the last; each may leave others behind
    if (living.size > 0) return;
    for (let left = orphans(); left.length > 0; left = orphans()) left.forEach(kill);
  }

  /** Processes in a group of their own that a member started, where the system says (Linux). */
  private strays(): number[] {
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
