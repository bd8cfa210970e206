import { speedClass, workOf } from '../../../generators/space/budget.js';
import type { Case, Speed } from '../../../spec/types/documents.js';
import type { Host } from '../host/host.js';

/** Milliseconds below which a call says too little, and a larger one is timed. */
const TELLING = 100;
/** Timed calls of each case, after one that is not counted: it may compile. */
const CALLS = 3;
/** Milliseconds of work by which it is seen what else the machine does, and the most that is made of it. */
const SPIN = 5;
const MOST_BUSY = 8;

/** Process that holds a kernel and times its calls. */
export type Timing = Pick<Host, 'ask' | 'kill'>;

/**
 * Measures how fast a kernel is, by a few calls in its process, of which the first of each size is not counted.
 * Other work on the machine is taken off: a loop is timed by the wall and by the processor.
 * @param cases the cheapest first. @param limit milliseconds a call may take.
 * @returns undefined where there is no case, or a call fails: the process is ended where it may be of no use.
 */
export async function measureSpeed(host: Timing, cases: readonly Case[], limit: number): Promise<Speed | undefined> {
  let speed: Speed | undefined;
  for (const c of cases) {
    const milliseconds = await timeOf(host, c, limit);
    if (milliseconds === undefined) break;
    speed = speedClass(workOf(c.dims) / (milliseconds / 1000));
    if (milliseconds > TELLING) break;
  }
  return speed;
}

/** Milliseconds of a call, the fewest of several; undefined where one fails. */
async function timeOf(host: Timing, c: Case, limit: number): Promise<number | undefined> {
  const prepared = await host.ask({ type: 'prepare', slot: 0, calls: [{ command: 'forward', case: c }] }, 'prepared', limit);
  if ('kind' in prepared) return void (await host.kill());
  if (prepared.fault) return undefined;
  let least = Infinity;
  let busy = MOST_BUSY;
  for (let call = 0; call <= CALLS; call++) {
    busy = Math.min(busy, busyness());
    const answer = await host.ask({ type: 'time', slot: 0, call: 0, keep: false }, 'timed', limit);
    if ('kind' in answer) return void (await host.kill());
    if ('kind' in answer.timed) return undefined;
    if (call > 0) least = Math.min(least, answer.timed.nanoseconds / 1e6);
  }
  await host.ask({ type: 'prepare', slot: 0, calls: [] }, 'prepared', limit);
  return least / busy;
}

/** How many times longer than alone a thread takes just now. */
function busyness(): number {
  const [wall, processor] = [performance.now(), process.cpuUsage()];
  let used = 0;
  while (used < SPIN) {
    const { user, system } = process.cpuUsage(processor);
    used = (user + system) / 1000;
  }
  return Math.max(1, (performance.now() - wall) / used);
}
