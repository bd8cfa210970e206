import type { CallSpec } from '../properties/property.js';
import { Host, type HostBatch, type HostCase, type HostSettings } from './host.js';
import { NotRestarted, runThrough, type Slot } from './slot.js';

/** A host that is started anew whenever it has died: to its user, a crash ends one case. */
export class HostSlot implements Slot {
  private host: Host | undefined;
  /** Compiled classes that this process has met. */
  private classes = new Set<string>();
  private closed = false;
  /** Starts after the first. */
  restarts = -1;

  constructor(
    private readonly settings: HostSettings,
    /** Dimensions that cost a compilation: the first call of each class has the start's time. */
    private readonly compilesPer: readonly string[],
    host?: Host,
  ) {
    this.adopt(host);
  }

  run(cases: readonly (readonly CallSpec[])[]): Promise<HostCase[]> {
    return runThrough(cases, (some) => this.runOnce(some));
  }

  private async runOnce(cases: readonly (readonly CallSpec[])[]): Promise<HostBatch> {
    const host = await this.ensure();
    const batch = await host.run(cases, this.limitFor(cases));
    if (batch.end) {
      this.host = undefined;
      void host.kill();
    }
    return batch;
  }

  async stop(): Promise<void> {
    await this.host?.stop();
    this.host = undefined;
  }

  /** Ends what is under way; it will not start again. */
  async kill(): Promise<void> {
    this.closed = true;
    await this.host?.kill();
    this.host = undefined;
  }

  private async ensure(): Promise<Host> {
    if (this.host) return this.host;
    if (this.closed) throw new NotRestarted('the run has ended');
    const start = await Host.start(this.settings);
    if (start.state !== 'open') throw new NotRestarted(`the adapter could not be started again: ${start.reason}`);
    return this.adopt(start.host) as Host;
  }

  private adopt(host: Host | undefined): Host | undefined {
    this.host = host;
    this.classes = new Set();
    if (host) this.restarts++;
    return host;
  }

  private limitFor(cases: readonly (readonly CallSpec[])[]): number {
    let fresh = false;
    for (const { command, case: c } of cases.flat()) {
      const keys = [];
      if (this.compilesPer.length > 0) keys.push([command, c.operator, c.dtype, ...this.compilesPer.map((axis) => c.dims[axis])].join(' '));
      // the job of a scheme of the adapter's own starts when its number of ranks is first asked for
      if (c.parallel?.transport === 'own') keys.push(`${c.parallel.ranks} ranks`);
      for (const key of keys) {
        fresh ||= !this.classes.has(key);
        this.classes.add(key);
      }
    }
    return fresh ? Math.max(this.settings.startTimeout, this.settings.timeout) : this.settings.timeout;
  }
}
