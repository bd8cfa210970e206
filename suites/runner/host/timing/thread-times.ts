import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds of CPU time by process and thread. */
export type ThreadTimes = ReadonlyMap<string, number>;

/** Milliseconds per tick of /proc, 10 on all architectures of Linux. */
const TICK = 10;

/** Fields of /proc/PID/task/TID/stat after the program's name: user and system time. */
const USER = 11;
const SYSTEM = 12;

/** CPU times of the living threads of processes; undefined except on Linux. */
export function threadTimes(pids: readonly number[]): ThreadTimes | undefined {
  if (process.platform !== 'linux') return undefined;
  const times = new Map<string, number>();
  for (const pid of pids) for (const tid of threadsOf(pid)) times.set(`${pid}/${tid}`, timeOf(pid, tid));
  return times;
}

/** Most milliseconds of one thread between readings; a new thread began at 0. */
export function timeOfBusiest(before: ThreadTimes, after: ThreadTimes): number {
  let most = 0;
  for (const [thread, time] of after) most = Math.max(most, time - (before.get(thread) ?? 0));
  return most;
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function timeOf(pid: number, tid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/task/${tid}/stat`, 'utf8');
    // the program's name is in parentheses, and may contain some
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[USER]) + Number(fields[SYSTEM])) * TICK;
  } catch {
    return 0;
  }
}
