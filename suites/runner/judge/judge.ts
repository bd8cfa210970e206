import type { Worker } from 'node:worker_threads';
import type { SpecDocument } from '../../../spec/library.js';
import type { Judging } from '../run/supervisor.js';
import { giveBackJudge, takeJudge } from './judge-pool.js';
import type { Declaration, FailureTensorFiles, Judged, JudgeReply, JudgeTask } from './judge-protocol.js';

interface Pending {
  readonly task: JudgeTask;
  readonly transfer: readonly ArrayBuffer[];
  resolve(reply: JudgeReply): void;
}

type JudgeWork = Extract<JudgeTask, { type: 'judge' }>;
type FailureTensorsWork = Extract<JudgeTask, { type: 'failure-tensors' }>;

/** Worker threads that judge cases; of a kernel, they only get outputs. */
export class Judges implements Judging {
  private readonly workers = new Map<Worker, Pending | undefined>();
  private readonly queue: Pending[] = [];
  private readonly claims = new Map<string, Declaration>();
  private closing = false;

  /** @param size most threads. The first starts at once, the rest on demand. */
  constructor(
    private readonly size: number,
    private readonly documents: readonly SpecDocument[],
  ) {
    this.start();
  }

  register(adapter: string, claims: Declaration): void {
    this.claims.set(adapter, claims);
    for (const worker of this.workers.keys()) worker.postMessage({ type: 'claims', adapter, claims } satisfies JudgeTask);
  }

  /** Judges cases in order; transfers the buffers. @throws {Error} if the judge failed. */
  async judge(work: Omit<JudgeWork, 'type'>): Promise<Judged> {
    const transferred = work.data.filter((data) => typeof data !== 'number');
    return (await this.ask({ type: 'judge', ...work }, transferred)) as Judged;
  }

  async failureTensors(work: Omit<FailureTensorsWork, 'type'>): Promise<FailureTensorFiles> {
    return (await this.ask({ type: 'failure-tensors', ...work }, [])) as FailureTensorFiles;
  }

  /** Ends busy judges and keeps idle ones for another run. */
  async close(): Promise<void> {
    this.closing = true;
    for (const [worker, task] of this.workers) {
      if (task) continue;
      this.workers.delete(worker);
      giveBackJudge(worker, this.documents);
    }
    await Promise.all([...this.workers.keys()].map((worker) => worker.terminate()));
  }

  private async ask(task: JudgeTask, transfer: readonly ArrayBuffer[]): Promise<Judged | FailureTensorFiles> {
    const reply = await new Promise<JudgeReply>((resolve) => {
      this.queue.push({ task, transfer, resolve });
      this.dispatch();
    });
    if ('error' in reply) throw new Error(reply.error);
    return reply.ok;
  }

  private dispatch(): void {
    const idle = [...this.workers.values()].filter((busy) => busy === undefined).length;
    for (let lacking = this.queue.length - idle; lacking > 0 && this.workers.size < this.size; lacking--) this.start();
    for (const [worker, busy] of this.workers) {
      if (busy) continue;
      const next = this.queue.shift();
      if (!next) return;
      this.workers.set(worker, next);
      worker.postMessage(next.task, [...next.transfer]);
    }
  }

  private start(): void {
    const worker = takeJudge(this.documents);
    this.workers.set(worker, undefined);
    for (const [adapter, claims] of this.claims) worker.postMessage({ type: 'claims', adapter, claims } satisfies JudgeTask);
    worker.on('message', (reply: JudgeReply) => {
      const done = this.workers.get(worker);
      this.workers.set(worker, undefined);
      done?.resolve(reply);
      this.dispatch();
    });
    // a dead judge, e.g. out of memory, is replaced; its batch is an error, never a pass
    let reason = 'it ended';
    worker.on('error', (error) => {
      reason = error.message;
    });
    worker.on('exit', () => {
      const lost = this.workers.get(worker);
      this.workers.delete(worker);
      if (!this.closing) this.start();
      lost?.resolve({ error: `the judge died: ${reason}` });
      this.dispatch();
    });
  }
}
