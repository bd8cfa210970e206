import { sizeOf } from '../../spec/tensor/tensor.js';
import type { Case, CheckResult } from '../../spec/types/documents.js';
import { groupBy, isExpectedFailure, isFailure } from './result.js';

/** Failures of one implementation that have the same diagnosis or, if they have none, the same class and message. */
export interface Cause {
  readonly adapter: string;
  /** What is wrong, in one line: the diagnosis, or if there is none, the message of the smallest case. */
  readonly title: string;
  /** Diagnosis that the failures share; undefined if none was found. */
  readonly hint?: string;
  /** True if the expectations file names every one of the failures. */
  readonly expected: boolean;
  /** Check with the smallest case. */
  readonly smallest: CheckResult;
  /** The other checks, those with smaller cases first. */
  readonly others: readonly CheckResult[];
}

/**
 * Groups failed checks by their cause: new failures before those that the expectations file names, causes with a diagnosis before those
 * without one, and then those with most checks first. A check that did not fail is left out.
 */
export function causesOf(checks: readonly CheckResult[]): Cause[] {
  const groups = groupBy(checks.filter(isFailure), causeKey);
  const causes = [...groups.values()].map(causeOf);
  const rank = ({ expected, hint }: Cause) => Number(expected) * 2 + Number(hint === undefined);
  return causes.sort((a, b) => rank(a) - rank(b) || b.others.length - a.others.length);
}

/** Number of checks that fail by a cause. */
export function countOf({ others }: Cause): number {
  return others.length + 1;
}

/** Values of a key in the checks of a cause, with the number of each, the commonest first: "visibility ×12, oracle ×3". */
export function tallyOf({ smallest, others }: Cause, keyOf: (check: CheckResult) => string): string {
  return [...groupBy([smallest, ...others], keyOf)]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([key, { length }]) => (length === 1 ? key : `${key} ×${length}`))
    .join(', ');
}

/** Classes of failure by which a value is wrong: only for these an explanation is looked for. */
const explained = new Set(['value', 'lse', 'gradient']);

/** True if an explanation of the failures was looked for and none was found. */
export function isUnexplained({ hint, smallest, expected }: Cause): boolean {
  return hint === undefined && !expected && smallest.verdict === 'fail' && explained.has(smallest.class ?? '');
}

/** What is said of a cause that is not explained. */
export const unexplained = 'not found: no mask, option, dialect or precision that was tried gives this output';

function causeOf(failures: readonly CheckResult[]): Cause {
  const [smallest, ...others] = [...failures].sort((a, b) => sizeOfCase(a) - sizeOfCase(b));
  const { adapter, failure, reason, verdict } = smallest;
  const hint = failure?.hint;
  const title = firstLine(hint ?? failure?.message ?? reason ?? verdict);
  return { adapter, title, ...(hint !== undefined && { hint }), expected: failures.every(isExpectedFailure), smallest, others };
}

function causeKey(check: CheckResult): string {
  const { adapter, verdict, class: failureClass = '', reason, failure } = check;
  const expected = isExpectedFailure(check);
  const hint = failure?.hint;
  if (hint !== undefined) return JSON.stringify([adapter, expected, diagnosisKey(hint)]);
  return JSON.stringify([adapter, expected, verdict, failureClass, messageKey(check, firstLine(failure?.message ?? reason ?? ''))]);
}

/** A diagnosis without what differs from case to case. Those that advise the same declaration are one, whatever they saw. */
function diagnosisKey(hint: string): string {
  const advice = /\bdeclare it with (.+?)(?: \(|$)/m.exec(hint)?.[1];
  return advice ?? withoutNumbers(hint.replaceAll(/\S+\/\S+\/\S+\/\S+/g, '…'));
}

/** A message without its numbers, and without the names of the check's mask and operator. */
function messageKey({ id }: CheckResult, message: string): string {
  const names = new Set(id.split(/[/+@]/));
  const words = message.replaceAll(/"[^"]*"/g, '"…"').split(/([\w-]+)/);
  return withoutNumbers(words.map((word) => (names.has(word) ? '…' : word)).join(''));
}

function withoutNumbers(text: string): string {
  return text.replaceAll(/-?\b(?:\d[\d.e+-]*|Infinity|NaN)/g, '#').replaceAll(/\[[#, ]*\]/g, '[#]');
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0];
}

/** Order of cases for a reader: fewest elements first, then those with the fewest options. A failure without a case comes last. */
function sizeOfCase({ failure }: CheckResult): number {
  if (!failure) return Number.POSITIVE_INFINITY;
  const { dims, options, mask, ...others }: Case = failure.case;
  const further = Object.keys(options).length + Object.keys(others).length + ('name' in mask ? Number(mask.name !== 'full') : 4);
  return sizeOf(Object.values(dims)) + further / 100;
}

/** A failure, by whom and what it hints at. */
export interface Hinted {
  readonly adapter: string;
  readonly hint?: string;
}

/** Hints that several failures of an adapter share, a line each, the commonest first: one fault fails many checks. */
export function commonCauses(failures: readonly Hinted[]): string[] {
  return [...groupBy(failures, (f) => f.adapter)].flatMap(([adapter, own]) =>
    [...groupBy(own, (f) => f.hint)]
      .flatMap(([hint, { length }]) => (hint !== undefined && length > 1 ? [{ hint, length }] : []))
      .sort((x, y) => y.length - x.length)
      .map(({ hint, length }) => `${adapter}: ${length} of ${own.length} failures: ${hint.trim().replaceAll('\n', '; ')}`),
  );
}

export function hintedOf({ adapter, failure }: CheckResult): Hinted {
  return { adapter, hint: failure?.hint };
}
