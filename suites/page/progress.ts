/// <reference lib="dom" />

import { byId } from '../../reports/html/site/dom.js';
import type { CheckResult, Verdict } from '../../spec/types/documents.js';
import type { Check } from '../contract/check.js';

/** Milliseconds between texts, for screen readers. */
const every = 500;

const order: readonly Verdict[] = ['pass', 'fail', 'crash', 'timeout', 'error', 'not-run', 'unsupported'];

/** Progress as a bar and in words. */
export class ProgressView {
  private readonly bar = byId<HTMLProgressElement>('progress');
  private readonly status = byId('status');
  private readonly started = performance.now();
  private readonly verdicts = new Map<Verdict, number>();
  private total = 0;
  private done = 0;
  /** Cases of ended checks, and of the current one. */
  private judged = 0;
  private underWay = 0;
  private shown = Number.NEGATIVE_INFINITY;

  constructor() {
    this.bar.hidden = false;
    this.bar.removeAttribute('value');
    this.status.classList.remove('problem');
    this.status.textContent = 'Starting the kernel …';
    byId('counts').textContent = '';
    byId('environment').replaceChildren();
  }

  plan(checks: readonly Check[]): void {
    this.total = checks.length;
    this.bar.max = Math.max(checks.length, 1);
    this.bar.value = 0;
  }

  begin(check: Check): void {
    const time = performance.now();
    if (time - this.shown < every) return;
    this.shown = time;
    this.status.textContent = `${this.done} of ${this.total} checks. Now ${check.id}`;
  }

  cases(count: number): void {
    this.underWay += count;
    this.count();
  }

  end({ verdict, cases }: CheckResult): void {
    this.done++;
    this.judged += cases;
    this.underWay = 0;
    this.bar.value = this.done;
    this.verdicts.set(verdict, (this.verdicts.get(verdict) ?? 0) + 1);
    this.count();
  }

  finish(stopped: boolean): void {
    const failed = (['fail', 'crash', 'timeout', 'error'] as const).reduce((sum, verdict) => sum + (this.verdicts.get(verdict) ?? 0), 0);
    const verdict =
      failed > 0
        ? `${failed} of its checks did not pass.`
        : stopped
          ? 'No failure was found so far.'
          : 'Everything that is claimed conforms.';
    this.status.textContent = `${stopped ? 'Stopped' : 'Finished'} after ${Math.round((performance.now() - this.started) / 1000)} s. ${verdict}`;
  }

  problem(text: string): void {
    this.bar.hidden = true;
    this.status.classList.add('problem');
    this.status.textContent = text;
  }

  private count(): void {
    const counts = order.filter((verdict) => this.verdicts.has(verdict)).map((verdict) => `${this.verdicts.get(verdict)} ${verdict}`);
    byId('counts').textContent = [`${this.judged + this.underWay} cases`, ...counts].join(' · ');
  }
}
