import type { Colors } from 'picocolors/types.js';
import type { ReportContext } from '../../reports/reporter.js';
import { causesOf, countOf } from '../../reports/result/causes.js';
import { outcomeOf } from '../../reports/result/result.js';
import { causeLines } from '../../reports/terminal/cause.js';
import { plural, printable } from '../../reports/text/plain-text.js';
import type { CheckResult } from '../../spec/types/documents.js';

const MOST = 5;

/** Prints each cause of failures when the first check shows it. */
export class FoundCauses {
  private readonly failed: CheckResult[] = [];
  private told = 0;

  constructor(
    private readonly tell: (text: string) => void,
    private readonly context: () => ReportContext,
    private readonly colors: Colors,
    private readonly bail?: number,
  ) {}

  add(result: CheckResult, left: number): void {
    if (outcomeOf(result) !== 'failure' || this.told === MOST) return;
    const check = printable(result);
    this.failed.push(check);
    const isSame = ({ id, adapter }: CheckResult) => id === check.id && adapter === check.adapter;
    const cause = causesOf(this.failed).find(({ smallest, others }) => [smallest, ...others].some(isSame));
    if (!cause || countOf(cause) > 1) return;
    this.told++;
    this.tell(causeLines(cause, 'brief', this.context(), this.colors).join('\n'));
    if (left > 0 && this.told === 1 && this.bail === undefined)
      this.tell(`${plural(left, 'check')} left; --bail 1 stops a run at its first failure`);
    if (this.told === MOST) this.tell('further causes are listed at the end');
  }
}
