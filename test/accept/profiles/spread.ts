import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { addTally, noTally, type Tally } from './tally.js';
import type { Work } from './worker.js';

/** Cases that a thread judges at a time. */
const share = 1000;

/** A thread for each processor, over which cases are spread. */
export class Threads {
  private readonly workers = Array.from(
    { length: availableParallelism() },
    () => new Worker(new URL('./worker.ts', import.meta.url), { execArgv: ['--import', 'jiti/register'] }),
  );

  /** Judges cases [0, cases) of a profile. @param enough ends early: the shares after it are not begun. */
  async judge(profile: string, seed: number, cases: number, enough: (tally: Tally) => boolean = () => false): Promise<Tally> {
    const tally = noTally();
    let next = 0;
    const run = async (worker: Worker) => {
      while (next < cases && !enough(tally)) {
        const work: Work = { profile, seed, from: next, to: Math.min(next + share, cases) };
        next = work.to;
        const reply = once(worker, 'message') as Promise<[Tally]>;
        worker.postMessage(work);
        addTally(tally, (await reply)[0]);
      }
    };
    await Promise.all(this.workers.map(run));
    return tally;
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}
