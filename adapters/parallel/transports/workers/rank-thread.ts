import { Worker } from 'node:worker_threads';
import { compiledFile } from '../../../system/compiled-file.js';
import type { RankSetup } from '../transport.js';
import type { FromRank, RankAnswer, ToRank } from './protocol.js';

/** Thread of a rank, seen from its parent. Idle threads do not keep the event loop alive. */
export class RankThread {
  private readonly worker: Worker;
  readonly opened: Promise<void>;
  private open: () => void = () => {};
  private answer: ((message: RankAnswer) => void) | undefined;
  private death: string | undefined;

  constructor(setup: RankSetup) {
    this.opened = new Promise((resolve) => {
      this.open = resolve;
    });
    this.worker = new Worker(compiledFile('adapters/ranks/rank-worker.js'), { workerData: setup, execArgv: [] });
    this.worker.on('message', (message: FromRank) => (message.type === 'open' ? this.open() : this.settle(message)));
    this.worker.on('error', (error) => this.die(`died: ${error.message}`));
    this.worker.on('exit', (code) => this.die(`died: its thread exited with code ${code}`));
    this.worker.unref();
  }

  get alive(): boolean {
    return this.death === undefined;
  }

  /** Runs a job on the thread; if the thread dies, the answer says so. */
  run(job: Extract<ToRank, { type: 'job' }>): Promise<RankAnswer> {
    return new Promise((resolve) => {
      this.answer = resolve;
      if (this.death !== undefined) {
        this.settleDead(this.death);
        return;
      }
      this.worker.ref();
      this.worker.postMessage(
        job,
        job.ports.filter((port) => port !== undefined),
      );
    });
  }

  /** Fails all waits of the thread after another rank ended the job. */
  abort(message: string): void {
    this.worker.postMessage({ type: 'abort', message } satisfies ToRank);
  }

  async terminate(): Promise<void> {
    await this.worker.terminate();
  }

  private die(death: string): void {
    this.death ??= death;
    this.settleDead(this.death);
  }

  private settleDead(death: string): void {
    this.settle({ type: 'failed', how: 'died', message: death, waits: [] });
  }

  private settle(message: RankAnswer): void {
    this.worker.unref();
    this.answer?.(message);
    this.answer = undefined;
  }
}
