import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/** Environment variable with a host's private folder, which identifies its processes. */
export const markName = 'ATTENTION_CTS_HOST';

interface Guarded {
  readonly path: string;
  readonly pid?: number | undefined;
}

/** Ends hosts when the runner's pipe closes. Lines add or drop: "+ PID PATH", "- 0 PATH". */
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

/**
 * Ends a host after the runner. One guard serves all, as a start copies the runner's memory map.
 */
export function watchOver(host: Guarded): void {
  if (process.platform === 'win32') return;
  guarded.set(host.path, host);
  if (guardian) tell('+', host);
  else start();
}

/** Ends the watch over a host. */
export function forget(path: string): void {
  if (guarded.delete(path)) tell('-', { path });
}

function start(): void {
  const started = spawn('/bin/sh', ['-c', guard, 'sh'], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  guardian = started;
  // without a shell, a host ends when its channel closes
  started.on('error', () => {});
  // if it is ended, the next host starts another, with all hosts
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
