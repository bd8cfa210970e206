import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/** In the environment of a host and of whatever it starts: the path of its private folder, by which they are known. */
export const markName = 'ATTENTION_CTS_HOST';

/** A host to be ended when the runner is gone. */
interface Guarded {
  /** The path of its private folder. */
  readonly path: string;
  /** Its process, which leads a process group, once there is one. */
  readonly pid?: number | undefined;
}

/**
 * Keeps a list of hosts, and ends them when the runner is gone, however it went: then its end of the pipe closes, and a read fails. A line adds a host with
 * its process id, or 0 before it has one, or takes it from the list: "+ PID PATH", "- 0 PATH".
 */
const guard = `
while read -r sign pid path; do
  left=$#
  while [ $left -gt 0 ]; do
    [ "$2" = "$path" ] || set -- "$@" "$1" "$2"
    shift 2
    left=$((left - 2))
  done
  [ "$sign" = + ] && set -- "$@" "$pid" "$path"
done
while [ $# -gt 0 ]; do
  [ "$1" = 0 ] || kill -s KILL -- "-$1"
  for environ in $(grep -lzsFx "${markName}=$2" /proc/[0-9]*/environ); do
    pid=\${environ#/proc/}
    kill -s KILL "\${pid%/environ}"
  done
  rm -rf -- "$2"
  shift 2
done
`;

const guarded = new Map<string, Guarded>();
let guardian: ChildProcess | undefined;

/** Sees to it that a host ends when the runner is gone. One process guards all of them: to start one for each would copy the runner's memory map each time. */
export function watchOver(host: Guarded): void {
  if (process.platform === 'win32') return;
  guarded.set(host.path, host);
  if (guardian) tell('+', host);
  else start();
}

/** Ends the watch over a host that has ended. */
export function forget(path: string): void {
  if (guarded.delete(path)) tell('-', { path });
}

function start(): void {
  const started = spawn('/bin/sh', ['-c', guard, 'sh'], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  guardian = started;
  // without a shell, a host still ends itself when its channel closes
  started.on('error', () => {});
  // whoever ended it, the next host has another, which is told of those before
  started.on('exit', () => {
    if (guardian === started) guardian = undefined;
  });
  started.stdin.on('error', () => {});
  started.unref();
  (started.stdin as Socket).unref();
  for (const host of guarded.values()) tell('+', host);
}

function tell(sign: '+' | '-', { path, pid = 0 }: Guarded): void {
  guardian?.stdin?.write(`${sign} ${pid} ${path}\n`);
}
