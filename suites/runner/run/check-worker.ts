import type { Claims } from '../../../spec/claims/claims.js';
import type { Property } from '../../contract/property.js';
import type { Death, Host, HostSettings } from '../host/host.js';
import { HostSupervisor } from '../host/host-supervisor.js';
import type { Judges } from '../judge/judge.js';
import { CaseRunner } from './case-runner.js';

/** Adapter as a worker needs it to run its checks. */
export interface WorkerAdapter {
  readonly id: string;
  readonly source: string;
  readonly claims: Claims;
}

/** Worker that runs one check at a time, in a host process of its own that it keeps while the adapter stays the same. */
export class CheckWorker {
  private supervisor: HostSupervisor | undefined;
  private current: string | undefined;

  constructor(
    private readonly settings: Omit<HostSettings, 'source'>,
    private readonly judges: Judges,
    /** Host processes that were started for planning, by adapter id. The first worker of an adapter takes its process. */
    private readonly started: Map<string, Host>,
  ) {}

  /** Id of the adapter whose host process this worker holds. */
  get adapter(): string | undefined {
    return this.current;
  }

  /** Returns a runner of this adapter's kernel for a property's cases. A worker that holds another adapter's process must have left it. */
  runnerFor(adapter: WorkerAdapter, property: Property): CaseRunner {
    if (this.current !== adapter.id || !this.supervisor) {
      const host = this.started.get(adapter.id);
      this.started.delete(adapter.id);
      this.current = adapter.id;
      this.supervisor = new HostSupervisor({ ...this.settings, source: adapter.source }, adapter.claims.capabilities.compilesPer, host);
    }
    return new CaseRunner(adapter.id, property, adapter.claims, this.supervisor, this.judges);
  }

  /** Leaves the adapter. @returns how its host process died after its last answer, if it did not end as it was told to. */
  async leave(): Promise<Death | undefined> {
    const { supervisor } = this;
    this.supervisor = undefined;
    this.current = undefined;
    return supervisor?.stop();
  }

  async kill(): Promise<void> {
    await this.supervisor?.kill();
  }
}
