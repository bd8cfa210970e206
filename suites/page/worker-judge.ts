import type { Claims, Explanation, Judged, JudgeReply, JudgeTask } from '../runner/judge/judge-protocol.js';
import type { Judging } from '../runner/run/supervisor.js';
import type { PageWorker, StartWorker } from './page-worker.js';

/** Judge in a Worker of the page. Replies come in the order of the tasks. */
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

  /** Registers the claims of an adapter, which the judge needs before its first case. */
  register(adapter: string, claims: Claims): void {
    this.worker.postMessage({ type: 'claims', adapter, claims } satisfies JudgeTask);
  }

  async judge(work: Parameters<Judging['judge']>[0]): Promise<Judged> {
    return (await this.ask({ type: 'judge', ...work }, [...work.data])) as Judged;
  }

  async explain(work: Parameters<Judging['explain']>[0]): Promise<Explanation> {
    return (await this.ask({ type: 'explain', ...work }, [])) as Explanation;
  }

  private async ask(task: JudgeTask, transfer: ArrayBuffer[]): Promise<Judged | Explanation> {
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
