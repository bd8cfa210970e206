import { elementsOf, isCheckedByHand } from '../../spec/tensor/case-elements.js';
import type { Case, CheckResult } from '../../spec/types/documents.js';
import { diagnosisKey, withoutNumbers } from './diagnosis-key.js';
import { withSharedHints } from './explanations.js';
import { groupBy, isExpectedFailure, isFailure, segmentsOf } from './result.js';

/** Known failure: the entry of an expectations file that names it. */
export interface KnownFailure {
  readonly why: string;
  readonly link?: string;
  /** Address of a document about the failure. */
  readonly finding?: string;
}

type Knowledge = (check: CheckResult) => KnownFailure | undefined;

/**
 * Failures of one implementation with one diagnosis, or else one class and message. Unexplained
 * broken laws, wrongly visible keys and unmerged parts join a wrong value or LSE.
 */
export interface Cause {
  readonly adapter: string;
  /** Known reason, or else the diagnosis, or else the message of the smallest case. */
  readonly title: string;
  readonly hint?: string;
  readonly known?: KnownFailure;
  readonly expected: boolean;
  /** Check to report: the smallest case, of `oracle` if a reader can check it by hand. */
  readonly smallest: CheckResult;
  readonly others: readonly CheckResult[];
}

/** Groups failed checks by cause or known reason: unexpected, diagnosed and common causes first. */
export function causesOf(checks: readonly CheckResult[], knownOf: Knowledge = () => undefined): Cause[] {
  const groups = groupBy(withSharedHints(checks.filter(isFailure)), (check) => causeKey(check, knownOf(check)));
  const causes = withEntailed([...groups.values()], knownOf).map((failures) => causeOf(failures, knownOf));
  const rank = ({ expected, hint }: Cause) => Number(expected) * 2 + Number(hint === undefined);
  return causes.sort((a, b) => rank(a) - rank(b) || b.others.length - a.others.length);
}

/** Classes of forward failures that may entail further failures. */
const forwardClasses = ['value', 'lse'];

/** Classes of indirect checks, with the classes of failures that entail their failure. */
const entailing: Readonly<Record<string, readonly string[]>> = { law: ['value'], 'lse-merge': forwardClasses, visibility: ['value'] };

function withEntailed(groups: readonly CheckResult[][], knownOf: Knowledge): CheckResult[][] {
  const unknown = groups.filter(([first]) => first.failure && !knownOf(first)).toSorted((x, y) => y.length - x.length);
  const joins = unknown.flatMap((joined) => {
    const to = groupThatEntails(joined, unknown);
    return to ? [{ joined, to }] : [];
  });
  const rest = groups.filter((group) => !joins.some(({ joined }) => joined === group));
  return rest.map((group) => [...group, ...joins.flatMap(({ joined, to }) => (to === group ? joined : []))]);
}

/** Returns the forward group that entails these failures, if any. */
function groupThatEntails(joined: readonly CheckResult[], groups: readonly CheckResult[][]): CheckResult[] | undefined {
  const [first] = joined;
  const alike = groups.filter(([other]) => other.adapter === first.adapter && isExpectedFailure(other) === isExpectedFailure(first));
  if (first.failure?.entailed)
    return firstOfClass(
      alike.filter(([other]) => !other.failure?.entailed),
      forwardClasses,
    );
  return isOpen(joined) ? firstOfClass(alike.filter(isOpen), entailing[first.class ?? ''] ?? []) : undefined;
}

function isOpen([{ failure }]: readonly CheckResult[]): boolean {
  return failure?.hint === undefined;
}

function firstOfClass(groups: readonly CheckResult[][], classes: readonly string[]): CheckResult[] | undefined {
  return classes.map((name) => groups.find((group) => group.some((one) => one.class === name))).find(Boolean);
}

export function countOf({ others }: Cause): number {
  return others.length + 1;
}

/** Counts values of a key in the checks of a cause: "visibility ×12, oracle ×3". */
export function tallyOf({ smallest, others }: Cause, keyOf: (check: CheckResult) => string): string {
  return [...groupBy([smallest, ...others], keyOf)]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([key, { length }]) => (length === 1 ? key : `${key} ×${length}`))
    .join(', ');
}

function causeOf(failures: readonly CheckResult[], knownOf: Knowledge): Cause {
  const follows = ({ failure }: CheckResult) => Number(failure?.entailed === true);
  const order = (a: CheckResult, b: CheckResult) =>
    follows(a) - follows(b) || stepsByHand(a) - stepsByHand(b) || sizeOfCase(a) - sizeOfCase(b);
  const [smallest, ...others] = failures.toSorted(order);
  const { adapter, failure, reason, verdict } = smallest;
  const hint = failure?.hint;
  const known = knownOf(smallest);
  const title = firstLine(known ? firstSentence(known.why) : (hint ?? failure?.message ?? reason ?? verdict));
  return {
    adapter,
    title,
    ...(known && { known }),
    ...(hint !== undefined && { hint }),
    expected: failures.every(isExpectedFailure),
    smallest,
    others,
  };
}

/** Ranks checks by ease of checking by hand: `oracle`, single calls, compared calls. */
function stepsByHand({ id, failure }: CheckResult): number {
  if (!failure || !isCheckedByHand(failure.case.dims)) return 3;
  if (segmentsOf(id).property === 'oracle') return 0;
  return failure.call ? 2 : 1;
}

function causeKey(check: CheckResult, known: KnownFailure | undefined): string {
  const { adapter, verdict, class: failureClass = '', reason, failure } = check;
  const expected = isExpectedFailure(check);
  if (known) return JSON.stringify([adapter, firstSentence(known.why)]);
  const hint = failure?.hint;
  if (failure?.entailed) return JSON.stringify([adapter, expected, 'entailed']);
  if (hint !== undefined) return JSON.stringify([adapter, expected, diagnosisKey(hint)]);
  return JSON.stringify([adapter, expected, verdict, failureClass, messageKey(check, firstLine(failure?.message ?? reason ?? ''))]);
}

/** Returns a message without numbers, names of mask and operator, and the number of the call. */
function messageKey({ id }: CheckResult, message: string): string {
  const names = new Set(id.split(/[/+@]/));
  const words = message
    .replace(/^call \d+ of \d+: /, '')
    // gradients of q, k and v share weights: the worst of them varies from case to case
    .replace(/^d[qkv](?=\[)/, 'd…')
    .replaceAll(/"[^"]*"/g, '"…"')
    .split(/([\w-]+)/);
  return withoutNumbers(words.map((word) => (names.has(word) ? '…' : word)).join(''));
}

/** Returns the text up to the first full stop or colon that ends a sentence. */
function firstSentence(text: string): string {
  return /^.*?[.:](?=\s+\S)/s.exec(text)?.[0].slice(0, -1) ?? text;
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0];
}

/** Size of a case: elements of q, k and v, then options. Failures without a case are last. */
function sizeOfCase({ failure }: CheckResult): number {
  if (!failure) return Number.POSITIVE_INFINITY;
  const { dims, options, mask, ...others }: Case = failure.case;
  const further = Object.keys(options).length + Object.keys(others).length + ('name' in mask ? Number(mask.name !== 'full') : 4);
  return elementsOf(dims) + further / 100;
}
