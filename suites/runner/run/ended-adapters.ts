import type { CheckResult } from '../../../spec/types/documents.js';
import type { Check } from '../../contract/check.js';

/** Calls `onEnd` at an adapter's last result, if any of its checks was to be judged. */
export class EndedAdapters {
  private readonly left = new Map<string, number>();
  private readonly results = new Map<string, CheckResult[]>();
  private readonly judged = new Set<string>();

  constructor(
    checks: readonly Check[],
    private readonly onEnd: (adapter: string, results: readonly CheckResult[]) => void,
  ) {
    for (const { adapter } of checks) this.left.set(adapter, (this.left.get(adapter) ?? 0) + 1);
  }

  count(result: CheckResult, wasOpen: boolean): void {
    const { adapter } = result;
    const left = (this.left.get(adapter) ?? 0) - 1;
    this.left.set(adapter, left);
    const results = this.results.get(adapter) ?? [];
    results.push(result);
    this.results.set(adapter, results);
    if (wasOpen) this.judged.add(adapter);
    if (left === 0 && this.judged.has(adapter)) this.onEnd(adapter, results);
  }
}
