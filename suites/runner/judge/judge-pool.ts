import { Worker } from 'node:worker_threads';
import { compiledFile } from '../../../adapters/system/compiled-file.js';
import type { SpecDocument } from '../../../spec/library.js';
import { youngMemory } from '../../lib/engine.js';
import type { JudgeStart } from './judge-protocol.js';

const REST = 10_000;

/** Idle judges by documents; they do not keep the process alive. */
const resting = new Map<string, Map<Worker, NodeJS.Timeout>>();

/** Judge thread for documents: an earlier run's, with compiled code, or a new one. */
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

/** Keeps an idle judge for later runs of this process. */
export function giveBackJudge(worker: Worker, documents: readonly SpecDocument[]): void {
  const key = JSON.stringify(documents);
  const pool = resting.get(key) ?? new Map<Worker, NodeJS.Timeout>();
  resting.set(key, pool);
  forgetListeners(worker);
  worker.on('error', () => pool.delete(worker));
  worker.on('exit', () => pool.delete(worker));
  worker.unref();
  const timer = setTimeout(() => {
    pool.delete(worker);
    void worker.terminate();
  }, REST);
  pool.set(worker, timer.unref());
}

/** Removes a run's listeners; the worker's built-in ones must stay. */
function forgetListeners(worker: Worker): void {
  for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event);
}
