import { crashWord } from '../../adapters/kernel.js';
import type { CallSpec } from '../contract/property.js';
import type { Death, HostBatch, HostCase } from '../runner/host/host.js';
import type { Implementation } from './implementation.js';
import type { FromKernel, ToKernel } from './messages.js';
import type { PageWorker, StartWorker } from './page-worker.js';

/** Result of starting a kernel's worker. */
export type WorkerStart =
  | { readonly state: 'open'; readonly host: WorkerHost; readonly f16: boolean; readonly environment: Readonly<Record<string, string>> }
  | { readonly state: 'unavailable'; readonly reason: string; readonly remedy: string };

/** Worker with a kernel, and its watchdog. */
export class WorkerHost {
  private onMessage: (message: FromKernel) => void = () => {};
  private onDeath: (death: Death) => void = () => {};
  private dead: Death | undefined;

  private constructor(private readonly worker: PageWorker) {
    worker.onmessage = ({ data }: { readonly data: FromKernel }) => {
      if (data.type === 'crashed') this.die(data);
      else this.onMessage(data);
    };
    worker.onerror = ({ message = 'it ended' }) => this.die({ class: 'worker', message: `ended: ${message}` });
  }

  /** @param limit milliseconds. */
  static start(implementation: Implementation, limit: number, startWorker: StartWorker): Promise<WorkerStart> {
    const host = new WorkerHost(startWorker('kernel-worker.js'));
    return new Promise((resolve) => {
      const settle = (start: WorkerStart) => {
        clearTimeout(timer);
        host.onDeath = () => {};
        if (start.state !== 'open') host.kill();
        resolve(start);
      };
      const unavailable = (reason: string, remedy: string) => settle({ state: 'unavailable', reason, remedy });
      const timer = setTimeout(() => unavailable(`no answer within ${limit / 1000} s of its start`, 'reload the page'), limit);
      host.onDeath = ({ message }) => unavailable(`its worker ${message}`, 'reload the page');
      host.onMessage = (message) => {
        if (message.type === 'opened') settle({ state: 'open', host, f16: message.f16, environment: message.environment });
        else if (message.type === 'unavailable') unavailable(message.reason, message.remedy);
      };
      host.send({ type: 'start', implementation });
    });
  }

  /** @param limit milliseconds of a call, after which the worker is killed. */
  run(cases: readonly (readonly CallSpec[])[], limit: number): Promise<HostBatch> {
    const replies: HostCase[] = [];
    return new Promise((resolve) => {
      const settle = (outcome?: HostCase) => {
        clearTimeout(timer);
        this.onMessage = () => {};
        this.onDeath = () => {};
        resolve(outcome ? { replies, end: { at: replies.length, outcome } } : { replies });
      };
      const overdue = () => {
        settle({ kind: 'timeout', message: `no answer within ${limit / 1000} s`, printed: '' });
        this.kill();
      };
      let timer = setTimeout(overdue, limit);
      this.onMessage = (message) => {
        clearTimeout(timer);
        timer = setTimeout(overdue, limit);
        if (message.type !== 'reply') return;
        replies.push({ kind: 'reply', reply: message.reply, data: message.data });
        if (replies.length === cases.length) settle();
      };
      this.onDeath = (death) => settle({ kind: 'died', ...death, printed: '' });
      if (this.dead) this.onDeath(this.dead);
      else this.send({ type: 'batch', cases });
    });
  }

  kill(): void {
    this.die({ class: 'ended', message: 'was ended' });
  }

  private die({ class: name, message }: Death): void {
    this.dead ??= { class: crashWord(name), message };
    this.worker.terminate();
    this.onDeath(this.dead);
  }

  private send(message: ToKernel): void {
    this.worker.postMessage(message);
  }
}
