import type { CallSpec } from '../contract/property.js';
import type { HostBatch, HostCase } from '../runner/host/host.js';
import { NotRestarted, runThrough, type Supervisor } from '../runner/run/supervisor.js';
import type { WorkerHost, WorkerStart } from './worker-host.js';

/** Milliseconds. */
export interface Patience {
  /** Per call. */
  readonly timeout: number;
  /** For a start, and the first batch, which compiles shaders. */
  readonly startTimeout: number;
}

/** Kernel's worker, restarted after each death. */
export class WorkerSupervisor implements Supervisor {
  private host: WorkerHost | undefined;
  private fresh = true;
  private closed = false;
  restarts = 0;
  readonly starting = 0;

  constructor(
    host: WorkerHost,
    private readonly start: () => Promise<WorkerStart>,
    private readonly patience: Patience,
  ) {
    this.host = host;
  }

  run(cases: readonly (readonly CallSpec[])[]): Promise<HostCase[]> {
    return runThrough(cases, (some) => this.runOnce(some));
  }

  close(): void {
    this.closed = true;
    this.host?.kill();
    this.host = undefined;
  }

  private async runOnce(cases: readonly (readonly CallSpec[])[]): Promise<HostBatch> {
    const host = await this.ensure();
    const { timeout, startTimeout } = this.patience;
    const batch = await host.run(cases, this.fresh ? Math.max(timeout, startTimeout) : timeout);
    this.fresh = false;
    if (batch.end) this.host = undefined;
    return batch;
  }

  private async ensure(): Promise<WorkerHost> {
    if (this.host) return this.host;
    if (this.closed) throw new NotRestarted('the run has ended');
    const start = await this.start();
    if (start.state !== 'open') throw new NotRestarted(`the kernel could not be started again: ${start.reason}`);
    this.restarts++;
    this.fresh = true;
    this.host = start.host;
    return start.host;
  }
}
