import { rankGrace } from '../../../adapters/backends/process/rank-limits.js';
import { longInputs } from '../../../generators/values/long-inputs.js';
import { elementsOf } from '../../../spec/tensor/case-elements.js';
import type { Case } from '../../../spec/types/documents.js';
import type { CallSpec } from '../../contract/property.js';
import { NotRestarted, runThrough, type Supervisor } from '../run/supervisor.js';
import { type Death, Host, type HostBatch, type HostCase, type HostSettings } from './host.js';

/** A call over a long sequence is some hundred times the work of others: it may take so many times as long, and longer where it has more elements than these. */
const LONG_CALL = 6;
const LONG_ELEMENTS = 2 ** 23;

/** How many times as long as others a call may take: the time grows with the elements of a long sequence, and with the ranks, which share the machine. */
export function patienceWith({ values, dims, parallel }: Case): number {
  if (!longInputs[values.distribution]) return 1;
  return LONG_CALL * Math.max(1, elementsOf(dims) / LONG_ELEMENTS) * (parallel?.ranks ?? 1);
}

/** A host that is started anew whenever it has died: to its user, a crash ends one case. */
export class HostSupervisor implements Supervisor {
  private host: Host | undefined;
  /** Compiled classes that this process has met. */
  private classes = new Set<string>();
  private closed = false;
  /** Starts after the first. */
  restarts = -1;
  starting = 0;

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

  /** A case that starts or compiles something is run by itself: what it takes is no time of the others. */
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

  /** Milliseconds. The job of a scheme of the adapter's own says itself which rank does not answer: it is waited for a little longer. */
  private limitFor(cases: readonly (readonly CallSpec[])[]): number {
    const { startTimeout } = this.settings;
    const timeout = this.settings.timeout * Math.max(...cases.flat().map((call) => patienceWith(call.case)));
    const fresh = cases.some((calls) => this.freshClasses(calls).length > 0);
    if (cases.flat().some(({ case: { parallel } }) => parallel?.transport === 'own'))
      return (fresh ? startTimeout : 0) + timeout + 2 * rankGrace;
    return fresh ? Math.max(startTimeout, timeout) : timeout;
  }

  /** @returns how the kernel's process died after its last answer, where it did not just leave. */
  async stop(): Promise<Death | undefined> {
    const { host } = this;
    this.host = undefined;
    return host?.stop();
  }

  async renew(): Promise<void> {
    await this.stop();
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

  /** Tells whether a case is the first of a class; its classes are known from then on. */
  private takeFresh(calls: readonly CallSpec[]): boolean {
    const fresh = this.freshClasses(calls);
    for (const key of fresh) this.classes.add(key);
    return fresh.length > 0;
  }

  /** Returns what the calls start or compile that this process has not met. */
  private freshClasses(calls: readonly CallSpec[]): string[] {
    const keys: string[] = [];
    for (const { command, case: c } of calls) {
      if (this.compilesPer.length > 0) keys.push([command, c.operator, c.dtype, ...this.compilesPer.map((axis) => c.dims[axis])].join(' '));
      // the job of a scheme of the adapter's own starts when its number of ranks is first asked for
      if (c.parallel?.transport === 'own') keys.push(`${c.parallel.ranks} ranks`);
    }
    return keys.filter((key) => !this.classes.has(key));
  }
}
