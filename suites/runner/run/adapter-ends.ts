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
 * Holds the result of an adapter's last check until every worker has left it: a process that dies
 * after its last answer makes that check a crash.
 */
export class AdapterEnds {
  private readonly last: ReadonlyMap<string, Check>;
  private readonly held = new Map<string, Judged>();
  private readonly deaths = new Map<string, Death>();

  constructor(checks: readonly Check[]) {
    this.last = new Map(checks.map((check) => [check.adapter, check]));
  }

  async leave(worker: CheckWorker): Promise<void> {
    const { adapter } = worker;
    const death = await worker.leave();
    if (adapter !== undefined && death) this.deaths.set(adapter, death);
  }

  hold(check: Check, result: CheckResult): boolean {
    const isLast = this.last.get(check.adapter) === check;
    if (isLast) this.held.set(check.adapter, { check, result });
    return isLast;
  }

  /** Returns the held result, as a crash if the process died and the check had not failed. */
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
