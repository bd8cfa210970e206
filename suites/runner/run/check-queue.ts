import type { CheckResult } from '../../../spec/types/documents.js';
import type { Check } from '../../contract/check.js';
import { isUnexpected } from '../../lib/exit-code.js';
import { alikeKind } from './outcome.js';

/** Checks with a timeout after which an adapter is given up. */
const patience = 3;
/** Similar crashes or refusals after which an adapter without a pass is given up. */
const alikes = 5;

interface Line {
  readonly adapter: string;
  readonly device?: string;
  readonly checks: Check[];
  running: number;
  timeouts: number;
  passed: boolean;
  readonly alike: Map<string, number>;
}

/** Hands the checks of a run to its workers, in order, and drops the rest when the run must end. */
export class CheckQueue {
  private readonly lines: Line[];
  private readonly waiting: (() => void)[] = [];
  private unexpected = 0;
  readonly notRun: { readonly check: Check; readonly reason: string }[] = [];

  /** @param deviceOf adapters on one device take turns. */
  constructor(
    checks: readonly Check[],
    deviceOf: (adapter: string) => string | undefined,
    private readonly bail: number | undefined,
    private readonly stop: () => string | undefined,
  ) {
    const lines = new Map<string, Line>();
    for (const check of checks) {
      const { adapter } = check;
      if (!lines.has(adapter))
        lines.set(adapter, { adapter, device: deviceOf(adapter), checks: [], running: 0, timeouts: 0, passed: false, alike: new Map() });
      lines.get(adapter)?.checks.push(check);
    }
    this.lines = [...lines.values()];
  }

  /** Next check, preferably of the same adapter; undefined at the end. Waits for a busy device. */
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

  release({ adapter }: Check): void {
    this.lineOf(adapter).running--;
    this.wake();
  }

  count(check: Check, result: CheckResult): void {
    const line = this.lineOf(check.adapter);
    if (result.verdict === 'timeout' && ++line.timeouts >= patience)
      this.giveUp(check.adapter, `the adapter was given up after ${patience} checks with a timeout`);
    this.countAlike(line, result);
    if (isUnexpected(result) && ++this.unexpected === this.bail) {
      for (const each of this.lines)
        this.drop(each, `--bail ${this.bail}: ${this.bail} unexpected ${this.bail === 1 ? 'failure' : 'failures'}`);
    }
    this.wake();
  }

  isEmpty(adapter: string): boolean {
    return this.lineOf(adapter).checks.length === 0;
  }

  isOver(adapter: string): boolean {
    return this.isEmpty(adapter) && this.lineOf(adapter).running === 0;
  }

  /** Gives up an adapter whose process fails every check in the same way. */
  private countAlike(line: Line, result: CheckResult): void {
    line.passed ||= result.verdict === 'pass';
    const kind = alikeKind(result, 'each call is refused');
    if (line.passed || kind === undefined || !isUnexpected(result)) return;
    const count = (line.alike.get(kind) ?? 0) + 1;
    line.alike.set(kind, count);
    if (count === alikes) this.giveUp(line.adapter, `the adapter was given up: nothing passed, and ${alikes} checks ended alike (${kind})`);
  }

  giveUp(adapter: string, reason: string): void {
    this.drop(this.lineOf(adapter), reason);
  }

  private lineOf(adapter: string): Line {
    return this.lines.find((line) => line.adapter === adapter) as Line;
  }

  private isFree(line: Line): boolean {
    return line.device === undefined || this.lines.every((l) => l.device !== line.device || l.running === 0);
  }

  private drop(line: Line, reason: string): void {
    for (const check of line.checks.splice(0)) this.notRun.push({ check, reason });
  }

  wake(): void {
    for (const resume of this.waiting.splice(0)) resume();
  }
}
