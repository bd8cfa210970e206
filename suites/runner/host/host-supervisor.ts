import { rankGrace } from '../../../adapters/backends/process/rank-limits.js';
import { longInputs } from '../../../generators/values/long-inputs.js';
import { elementsOf } from '../../../spec/tensor/case-elements.js';
import type { Case } from '../../../spec/types/documents.js';
import type { CallSpec } from '../../contract/property.js';
import { NotRestarted, runThrough, type Supervisor } from '../run/supervisor.js';
import { type Death, Host, type HostBatch, type HostCase, type HostSettings } from './host.js';

/** Time factor of a long call, and the number of elements beyond which it grows. */
const LONG_CALL = 6;
const LONG_ELEMENTS = 2 ** 23;

/** Time factor of a call: grows with the elements of a long sequence, and with ranks. */
export function patienceWith({ values, dims, parallel }: Case): number {
  if (!longInputs[values.distribution]) return 1;
  return LONG_CALL * Math.max(1, elementsOf(dims) / LONG_ELEMENTS) * (parallel?.ranks ?? 1);
}

/** Host that restarts after a death: a crash ends one case. */
export class HostSupervisor implements Supervisor {
  private host: Host | undefined;
  private classes = new Set<string>();
  private closed = false;
  restarts = -1;
  starting = 0;

  constructor(
    private readonly settings: HostSettings,
    /** Dimensions that cost a compilation: the first call of each class gets the start's time. */
    private readonly compilesPer: readonly string[],
    host?: Host,
  ) {
    this.adopt(host);
  }

  run(cases: readonly (readonly CallSpec[])[]): Promise<HostCase[]> {
    return runThrough(cases, (some) => this.runOnce(some));
  }

  /** Runs a case alone if it starts or compiles something, so only it gets the extra time. */
  private async runOnce(cases: readonly (readonly CallSpec[])[]): Promise<HostBatch> {
    const host = await this.ensure();
    const limit = this.limitFor(cases);
    const replies: HostCase[] = [];
    for (let from = 0; from < cases.length; ) {
      const fresh = this.takeFresh(cases[from]);
      let to = from + 1;
      while (!fresh && to < cases.length && this.freshClasses(cases[to]).length === 0) to++;
      const began = performance.now();
      const batch = await host.run(cases.slice(from, to), limit);
      if (fresh) this.starting += performance.now() - began;
      if (batch.end) {
        this.host = undefined;
        void host.kill();
        return { replies: [...replies, ...batch.replies], end: { ...batch.end, at: from + batch.end.at } };
      }
      replies.push(...batch.replies);
      from = to;
    }
    return { replies };
  }

  /** Milliseconds. A job of the adapter's scheme names a silent rank itself, a little later. */
  private limitFor(cases: readonly (readonly CallSpec[])[]): number {
    const { startTimeout } = this.settings;
    const timeout = this.settings.timeout * Math.max(...cases.flat().map((call) => patienceWith(call.case)));
    const fresh = cases.some((calls) => this.freshClasses(calls).length > 0);
    if (cases.flat().some(({ case: { parallel } }) => parallel?.transport === 'own'))
      return (fresh ? startTimeout : 0) + timeout + 2 * rankGrace;
    return fresh ? Math.max(startTimeout, timeout) : timeout;
  }

  /** Death of the kernel's process after its last answer, if it did not just exit. */
  async stop(): Promise<Death | undefined> {
    const { host } = this;
    this.host = undefined;
    return host?.stop();
  }

  async renew(): Promise<void> {
    await this.stop();
  }

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

  private takeFresh(calls: readonly CallSpec[]): boolean {
    const fresh = this.freshClasses(calls);
    for (const key of fresh) this.classes.add(key);
    return fresh.length > 0;
  }

  private freshClasses(calls: readonly CallSpec[]): string[] {
    const keys: string[] = [];
    for (const { command, case: c } of calls) {
      if (this.compilesPer.length > 0) keys.push([command, c.operator, c.dtype, ...this.compilesPer.map((axis) => c.dims[axis])].join(' '));
      // a job of the adapter's scheme starts with the first call on its number of ranks
      if (c.parallel?.transport === 'own') keys.push(`${c.parallel.ranks} ranks`);
    }
    return keys.filter((key) => !this.classes.has(key));
  }
}
