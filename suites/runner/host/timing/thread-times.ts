import { readdirSync, readFileSync } from 'node:fs';

/** CPU time of threads in milliseconds, by process and thread. */
export type ThreadTimes = ReadonlyMap<string, number>;

/** Milliseconds of a tick of /proc, which is a hundredth of a second on every architecture of Linux. */
const TICK = 10;

/** Fields of /proc/PID/task/TID/stat after the name of the program: CPU time in user mode and in the kernel. */
const USER = 11;
const SYSTEM = 12;

/** CPU times of the threads of some processes; those that have ended are left out. Undefined where the system does not say (all but Linux). */
export function threadTimes(pids: readonly number[]): ThreadTimes | undefined {
  if (process.platform !== 'linux') return undefined;
  const times = new Map<string, number>();
  for (const pid of pids) for (const tid of threadsOf(pid)) times.set(`${pid}/${tid}`, timeOf(pid, tid));
  return times;
}

/** The most that one thread computed between two readings, in milliseconds. A thread that was not there before began at 0. */
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
    // the program's name is in parentheses, and may hold some itself
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[USER]) + Number(fields[SYSTEM])) * TICK;
  } catch {
    return 0;
  }
}
