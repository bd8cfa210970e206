import type { Claims } from '../../../spec/claims/claims.js';
import type { Property } from '../../properties/property.js';
import type { Death, Host, HostSettings } from '../host/host.js';
import { HostSlot } from '../host/host-supervisor.js';
import type { Judges } from '../judge/judge.js';
import { CaseRunner } from './case-runner.js';

/** What a lane needs to know of an adapter to run its checks. */
export interface LaneAdapter {
  readonly id: string;
  readonly source: string;
  readonly claims: Claims;
}

/** Runs one check at a time, in a host of its own that it keeps while the adapter stays the same. */
export class Lane {
  private slot: HostSlot | undefined;
  private current: string | undefined;

  constructor(
    private readonly settings: Omit<HostSettings, 'source'>,
    private readonly judges: Judges,
    /** Hosts that were started to plan, for the first lane that wants them. */
    private readonly started: Map<string, Host>,
  ) {}

  /** The adapter whose host this lane holds. */
  get adapter(): string | undefined {
    return this.current;
  }

  /** What calls this adapter's kernel for a property's cases. A lane that holds another's host must have left it. */
  runnerFor(adapter: LaneAdapter, property: Property): CaseRunner {
    if (this.current !== adapter.id || !this.slot) {
      const host = this.started.get(adapter.id);
      this.started.delete(adapter.id);
      this.current = adapter.id;
      this.slot = new HostSlot({ ...this.settings, source: adapter.source }, adapter.claims.capabilities.compilesPer, host);
    }
    return new CaseRunner(adapter.id, property, adapter.claims, this.slot, this.judges);
  }

  /** Leaves its adapter. @returns how its kernel's process died after its last answer, where it did not just leave. */
  async leave(): Promise<Death | undefined> {
    const { slot } = this;
    this.slot = undefined;
    this.current = undefined;
    return slot?.stop();
  }

  async kill(): Promise<void> {
    await this.slot?.kill();
  }
}
