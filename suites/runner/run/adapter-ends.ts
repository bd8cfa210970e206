import type { CheckResult } from '../../../spec/types/documents.js';
import type { Check } from '../../contract/check.js';
import { isFailing } from '../../lib/exit-code.js';
import type { Death } from '../host/host.js';
import type { CheckWorker } from './check-worker.js';

interface Judged {
  readonly check: Check;
  readonly result: CheckResult;
}

/**
 * Ends of adapters' processes. A death after the last answer is a crash, which the adapter's last
 * check in the plan reports, once every worker has left the adapter.
 */
export class AdapterEnds {
  private readonly last: ReadonlyMap<string, Check>;
  private readonly held = new Map<string, Judged>();
  private readonly deaths = new Map<string, Death>();

  /** @param checks to run, in the order of the plan. */
  constructor(checks: readonly Check[]) {
    this.last = new Map(checks.map((check) => [check.adapter, check]));
  }

  /** Has a worker leave its adapter, if it has one. */
  async leave(worker: CheckWorker): Promise<void> {
    const { adapter } = worker;
    const death = await worker.leave();
    if (adapter !== undefined && death) this.deaths.set(adapter, death);
  }

  /** Keeps the result of an adapter's last check. @returns whether it is that one. */
  hold(check: Check, result: CheckResult): boolean {
    const isLast = this.last.get(check.adapter) === check;
    if (isLast) this.held.set(check.adapter, { check, result });
    return isLast;
  }

  /**
   * Returns the result of an adapter's last check, once all workers have left the adapter. A
   * failure of its own says more than the end.
   */
  take(adapter: string): Judged | undefined {
    const held = this.held.get(adapter);
    const death = this.deaths.get(adapter);
    this.held.delete(adapter);
    return held && death && !isFailing(held.result.verdict) ? { ...held, result: diedAfter(held.result, death) } : held;
  }
}

function diedAfter({ expected: _, ...judged }: CheckResult, death: Death): CheckResult {
  return { ...judged, verdict: 'crash', class: death.class, reason: `the kernel's process ${death.message}, after its last answer` };
}
