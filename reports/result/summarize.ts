import type { CheckResult, Result } from '../../spec/types/documents.js';
import { isExpectedFailure, isFailure, isUnexpectedPass } from './result.js';

/** Formats the totals of a run in one line. */
export function summarize(result: Result): string {
  const count = (test: (c: CheckResult) => boolean) => result.checks.filter(test).length;
  const judged = count((c) => c.verdict === 'pass' || isFailure(c));
  const run = `attention-cts ${result.suite}, seed ${result.seed}, ${result.plan.runs} cases per check`;
  if (judged === 0) return `Nothing was judged (${run}).`;
  const expected = count(isExpectedFailure);
  const surprises = count(isUnexpectedPass);
  const unsupported = count((c) => c.verdict === 'unsupported');
  const verdicts = [
    `${judged} ${judged === 1 ? 'check' : 'checks'} judged: ${count((c) => c.verdict === 'pass')} pass`,
    `${count(isFailure) - expected} fail`,
    ...(expected > 0 ? [`${expected} fail as expected`] : []),
    ...(surprises > 0 ? [`${surprises} passed unexpectedly`] : []),
  ].join(', ');
  const others = unsupported === 0 ? '' : `; ${unsupported} more ${unsupported === 1 ? 'is' : 'are'} unsupported`;
  return `${verdicts}${others} (${run}${result.complete ? '' : '; the run is incomplete'})`;
}
