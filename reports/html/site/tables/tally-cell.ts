/// <reference lib="dom" />
import { element } from '../dom.js';
import type { Report } from '../report.js';
import { count, emptyTally, type Tally, tallySigns } from '../verdicts.js';

/** Counts checks of an implementation by verdict. */
export function tallyOf(report: Report, implementation: number, checks: Iterable<number>): Tally {
  const tally = emptyTally();
  for (const check of checks) {
    const verdict = report.verdict(implementation, check);
    if (verdict) count(tally, verdict, report.isExpected(implementation, check));
  }
  return tally;
}

/** Cell with visible signs and words for screen readers. @param wrap puts the signs into a link. */
export function tallyCell(
  tally: Tally,
  wrap: (text: string, words: string) => Node = (text) => document.createTextNode(text),
): HTMLElement {
  const signs = tallySigns(tally);
  if (!signs) return element('td');
  return element('td', { 'data-verdict': signs.tone, title: signs.words }, wrap(signs.text, signs.words));
}
