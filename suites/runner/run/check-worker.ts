import type { Claims } from '../../../spec/claims/claims.js';
import type { Property } from '../../contract/property.js';
import type { Death, Host, HostSettings } from '../host/host.js';
import { HostSupervisor } from '../host/host-supervisor.js';
import type { Judges } from '../judge/judge.js';
import { CaseRunner } from './case-runner.js';

/** Adapter as a worker needs it. */
export interface WorkerAdapter {
  readonly id: string;
  readonly source: string;
  readonly claims: Claims;
}

/** Runs one check at a time in its own host process, kept while the adapter stays the same. */
export class CheckWorker {
  private supervisor: HostSupervisor | undefined;
  private current: string | undefined;

  constructor(
    private readonly settings: Omit<HostSettings, 'source'>,
    private readonly judges: Judges,
    /** Hosts started for planning, by adapter id; an adapter's first worker takes its host. */
    private readonly started: Map<string, Host>,
  ) {}

  get adapter(): string | undefined {
    return this.current;
  }

  /** Returns a runner for a property. A worker with another adapter must have left it. */
  runnerFor(adapter: WorkerAdapter, property: Property): CaseRunner {
    if (this.current !== adapter.id || !this.supervisor) {
      const host = this.started.get(adapter.id);
      this.started.delete(adapter.id);
      this.current = adapter.id;
      this.supervisor = new HostSupervisor({ ...this.settings, source: adapter.source }, adapter.claims.capabilities.compilesPer, host);
    }
    return new CaseRunner(adapter.id, property, adapter.claims, this.supervisor, this.judges);
  }

  /** Leaves the adapter. @returns how its host died after its last answer, if it did. */
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
