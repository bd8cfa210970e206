import type { Claims } from '../../../spec/claims/claims.js';
import type { Property } from '../../properties/property.js';
import type { Death, Host, HostSettings } from '../host/host.js';
import { HostSupervisor } from '../host/host-supervisor.js';
import type { Judges } from '../judge/judge.js';
import { CaseRunner } from './case-runner.js';

/** What a worker needs to know of an adapter to run its checks. */
export interface WorkerAdapter {
  readonly id: string;
  readonly source: string;
  readonly claims: Claims;
}

/** Runs one check at a time, in a host of its own that it keeps while the adapter stays the same. */
export class CheckWorker {
  private supervisor: HostSupervisor | undefined;
  private current: string | undefined;

  constructor(
    private readonly settings: Omit<HostSettings, 'source'>,
    private readonly judges: Judges,
    /** Hosts that were started to plan, for the first worker that wants them. */
    private readonly started: Map<string, Host>,
  ) {}

  /** The adapter whose host this worker holds. */
  get adapter(): string | undefined {
    return this.current;
  }

  /** What calls this adapter's kernel for a property's cases. A worker that holds another's host must have left it. */
  runnerFor(adapter: WorkerAdapter, property: Property): CaseRunner {
    if (this.current !== adapter.id || !this.supervisor) {
      const host = this.started.get(adapter.id);
      this.started.delete(adapter.id);
      this.current = adapter.id;
      this.supervisor = new HostSupervisor({ ...this.settings, source: adapter.source }, adapter.claims.capabilities.compilesPer, host);
    }
    return new CaseRunner(adapter.id, property, adapter.claims, this.supervisor, this.judges);
  }

  /** Leaves its adapter. @returns how its kernel's process died after its last answer, where it did not just leave. */
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
