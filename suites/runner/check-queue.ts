import type { CheckResult } from '../../spec/types/documents.js';
import { isUnexpected } from '../exit-code.js';
import type { Check } from '../plan.js';

/** Checks with a timeout after which an adapter is given up. */
const patience = 3;

interface Line {
  readonly adapter: string;
  readonly device?: string;
  readonly checks: Check[];
  /** Checks under way. */
  running: number;
  timeouts: number;
}

/** Hands the checks of a run to its lanes, in order, and knows when the rest is not to be run. */
export class CheckQueue {
  private readonly lines: Line[];
  private readonly waiting: (() => void)[] = [];
  private unexpected = 0;
  /** Checks that were taken out, each with the reason why it is not run. */
  readonly notRun: { readonly check: Check; readonly reason: string }[] = [];

  /** @param deviceOf the device of an adapter: adapters on one device take turns. @param bail unexpected failures after which the rest is not run. */
  constructor(
    checks: readonly Check[],
    deviceOf: (adapter: string) => string | undefined,
    private readonly bail: number | undefined,
    private readonly stop: () => string | undefined,
  ) {
    const lines = new Map<string, Line>();
    for (const check of checks) {
      const { adapter } = check;
      if (!lines.has(adapter)) lines.set(adapter, { adapter, device: deviceOf(adapter), checks: [], running: 0, timeouts: 0 });
      lines.get(adapter)?.checks.push(check);
    }
    this.lines = [...lines.values()];
  }

  /** The next check, of the same adapter where it has one; undefined where none is left. Waits for a device that is taken. */
  async take(preferred: string | undefined): Promise<Check | undefined> {
    for (;;) {
      const reason = this.stop();
      if (reason !== undefined) for (const line of this.lines) this.drop(line, reason);
      const left = this.lines.filter((l) => l.checks.length > 0);
      if (left.length === 0) return undefined;
      const free = left.filter((l) => this.isFree(l));
      const line = free.find((l) => l.adapter === preferred) ?? free[0];
      if (line) {
        line.running++;
        return line.checks.shift();
      }
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** A check has its result, or has none because the run ended first. */
  done(check: Check, result: CheckResult | undefined): void {
    const line = this.lines.find((l) => l.adapter === check.adapter) as Line;
    line.running--;
    if (result?.verdict === 'timeout' && ++line.timeouts >= patience)
      this.giveUp(check.adapter, `the adapter was given up after ${patience} checks with a timeout`);
    if (result && isUnexpected(result) && ++this.unexpected === this.bail) {
      for (const each of this.lines)
        this.drop(each, `--bail ${this.bail}: ${this.bail} unexpected ${this.bail === 1 ? 'failure' : 'failures'}`);
    }
    this.wake();
  }

  /** Takes the checks of an adapter that are left out of the run. */
  giveUp(adapter: string, reason: string): void {
    const line = this.lines.find((l) => l.adapter === adapter);
    if (line) this.drop(line, reason);
  }

  private isFree(line: Line): boolean {
    return line.device === undefined || this.lines.every((l) => l.device !== line.device || l.running === 0);
  }

  private drop(line: Line, reason: string): void {
    for (const check of line.checks.splice(0)) this.notRun.push({ check, reason });
  }

  /** Lets lanes that wait look again. */
  wake(): void {
    for (const resume of this.waiting.splice(0)) resume();
  }
}
