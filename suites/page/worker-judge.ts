import type { Declaration, FailureTensorFiles, Judged, JudgeReply, JudgeTask } from '../runner/judge/judge-protocol.js';
import type { Judging } from '../runner/run/supervisor.js';
import type { PageWorker, StartWorker } from './page-worker.js';

/** Judge in a worker; replies keep the order of tasks. */
export class WorkerJudge implements Judging {
  private readonly waiting: ((reply: JudgeReply) => void)[] = [];
  private readonly worker: PageWorker;
  private dead: string | undefined;

  constructor(start: StartWorker) {
    this.worker = start('judge-worker.js');
    this.worker.onmessage = ({ data }: { readonly data: JudgeReply }) => this.waiting.shift()?.(data);
    this.worker.onerror = ({ message = 'it ended' }) => {
      this.dead = `the judge died: ${message}`;
      for (const resolve of this.waiting.splice(0)) resolve({ error: this.dead });
    };
  }

  register(adapter: string, claims: Declaration): void {
    this.worker.postMessage({ type: 'claims', adapter, claims } satisfies JudgeTask);
  }

  async judge(work: Parameters<Judging['judge']>[0]): Promise<Judged> {
    return (await this.ask(
      { type: 'judge', ...work },
      work.data.filter((data) => typeof data !== 'number'),
    )) as Judged;
  }

  async failureTensors(work: Parameters<Judging['failureTensors']>[0]): Promise<FailureTensorFiles> {
    return (await this.ask({ type: 'failure-tensors', ...work }, [])) as FailureTensorFiles;
  }

  private async ask(task: JudgeTask, transfer: ArrayBuffer[]): Promise<Judged | FailureTensorFiles> {
    if (this.dead !== undefined) throw new Error(this.dead);
    const reply = await new Promise<JudgeReply>((resolve) => {
      this.waiting.push(resolve);
      this.worker.postMessage(task, transfer);
    });
    if ('error' in reply) throw new Error(reply.error);
    return reply.ok;
  }

  close(): void {
    this.worker.terminate();
  }
}
