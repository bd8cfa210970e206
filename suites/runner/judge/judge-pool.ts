import { Worker } from 'node:worker_threads';
import { compiledFile } from '../../../adapters/system/compiled-file.js';
import type { SpecDocument } from '../../../spec/library.js';
import { youngMemory } from '../../lib/engine.js';
import type { JudgeStart } from './judge-protocol.js';

/** Milliseconds after which a judge that no run has taken ends. */
const REST = 10_000;

/** Judges at rest, by the documents that they know. They do not keep their process alive. */
const resting = new Map<string, Map<Worker, NodeJS.Timeout>>();

/** Returns a judge thread that knows the documents: one that another run of this process has given back, whose code is compiled already, or a new one. */
export function takeJudge(documents: readonly SpecDocument[]): Worker {
  const pool = resting.get(JSON.stringify(documents));
  for (const [worker, timer] of pool ?? []) {
    clearTimeout(timer);
    pool?.delete(worker);
    forgetListeners(worker);
    worker.ref();
    return worker;
  }
  return new Worker(compiledFile('suites/runner/judge/judge-worker.js'), {
    workerData: { documents } satisfies JudgeStart,
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: youngMemory },
  });
}

/** Lets a judge that waits for work rest, for the next run of this process. */
export function giveBackJudge(worker: Worker, documents: readonly SpecDocument[]): void {
  const key = JSON.stringify(documents);
  const pool = resting.get(key) ?? new Map<Worker, NodeJS.Timeout>();
  resting.set(key, pool);
  forgetListeners(worker);
  // whatever ends a judge at rest, it is not taken again
  worker.on('error', () => pool.delete(worker));
  worker.on('exit', () => pool.delete(worker));
  worker.unref();
  const timer = setTimeout(() => {
    pool.delete(worker);
    void worker.terminate();
  }, REST);
  pool.set(worker, timer.unref());
}

/** Removes the listeners of a run. A worker has others, of its own, without which it gets no message. */
function forgetListeners(worker: Worker): void {
  for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event);
}
