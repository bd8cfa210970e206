import { elementsOf, isCheckedByHand } from '../../spec/tensor/case-elements.js';
import type { Case, CheckResult } from '../../spec/types/documents.js';
import { diagnosisKey, withoutNumbers } from './diagnosis-key.js';
import { withSharedHints } from './explanations.js';
import { groupBy, isExpectedFailure, isFailure, segmentsOf } from './result.js';

/** Knowledge of a failure: the entry of an expectations file that names it. */
export interface KnownFailure {
  readonly why: string;
  readonly link?: string;
  /** Address of what is written of it. */
  readonly finding?: string;
}

/** Tells what is known of a failed check. */
type Knowledge = (check: CheckResult) => KnownFailure | undefined;

/**
 * Failures of one implementation that have the same diagnosis or, if they have none, the same class and message. A failure whose cases leave
 * several explanations has the diagnosis of others of the implementation, if one of these explanations is theirs alone. A law that is broken is no cause of its
 * own beside wrong values, nor are keys that are wrongly seen, nor are parts that do not merge beside a wrong LSE, if nothing explains either.
 */
export interface Cause {
  readonly adapter: string;
  /** The fault in one line: what is known of it, else the diagnosis, else the message of the smallest case. */
  readonly title: string;
  /** Diagnosis that the failures share; undefined if none was found. */
  readonly hint?: string;
  /** Knowledge of it; undefined if there is none, or nobody asked. */
  readonly known?: KnownFailure;
  /** True if the expectations file names every one of the failures. */
  readonly expected: boolean;
  /** Check that is told: with the smallest case, and of `oracle` where that is checked by hand too. */
  readonly smallest: CheckResult;
  /** The other checks, those with smaller cases first. */
  readonly others: readonly CheckResult[];
}

/**
 * Groups failed checks by their cause: new failures before those that the expectations file names, causes with a diagnosis before those
 * without one, and then those with most checks first. A check that did not fail is left out.
 * @param knownOf returns what is known of a failure: those of which the same is known are one cause, whatever they show.
 */
export function causesOf(checks: readonly CheckResult[], knownOf: Knowledge = () => undefined): Cause[] {
  const groups = groupBy(withSharedHints(checks.filter(isFailure)), (check) => causeKey(check, knownOf(check)));
  const causes = withEntailed([...groups.values()], knownOf).map((failures) => causeOf(failures, knownOf));
  const rank = ({ expected, hint }: Cause) => Number(expected) * 2 + Number(hint === undefined);
  return causes.sort((a, b) => rank(a) - rank(b) || b.others.length - a.others.length);
}

/** Classes of failures of a forward pass, from which others may follow. */
const forwardClasses = ['value', 'lse'];

/**
 * Classes of checks that compare calls with each other, or read the mask out, each with the classes of failures that entail it: a kernel without these is right
 * there too.
 */
const entailing: Readonly<Record<string, readonly string[]>> = { law: ['value'], 'lse-merge': forwardClasses, visibility: ['value'] };

/** Joins failures to the commonest of the implementation that entails them. */
function withEntailed(groups: readonly CheckResult[][], knownOf: Knowledge): CheckResult[][] {
  const unknown = groups.filter(([first]) => first.failure && !knownOf(first)).toSorted((x, y) => y.length - x.length);
  const joins = unknown.flatMap((joined) => {
    const to = groupThatEntails(joined, unknown);
    return to ? [{ joined, to }] : [];
  });
  const rest = groups.filter((group) => !joins.some(({ joined }) => joined === group));
  return rest.map((group) => [...group, ...joins.flatMap(({ joined, to }) => (to === group ? joined : []))]);
}

/** Returns the group of a forward pass, for failures that say so themselves, and one of a class that entails theirs where nothing explains either. */
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

/** Tells whether nothing explains the failures of a group. */
function isOpen([{ failure }]: readonly CheckResult[]): boolean {
  return failure?.hint === undefined;
}

/** Returns the first group with a failure of the first of the classes that any group has. */
function firstOfClass(groups: readonly CheckResult[][], classes: readonly string[]): CheckResult[] | undefined {
  return classes.map((name) => groups.find((group) => group.some((one) => one.class === name))).find(Boolean);
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

/** Order of checks by how easily a reader checks them: one call beside the oracle's answer, then other single calls, then calls that are compared. */
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

/** A message without its numbers, the names of the check's mask and operator, and which of several calls is wrong. */
function messageKey({ id }: CheckResult, message: string): string {
  const names = new Set(id.split(/[/+@]/));
  const words = message
    .replace(/^call \d+ of \d+: /, '')
    // gradients of q, k and v have weights in common: which of them is furthest off differs from case to case
    .replace(/^d[qkv](?=\[)/, 'd…')
    .replaceAll(/"[^"]*"/g, '"…"')
    .split(/([\w-]+)/);
  return withoutNumbers(words.map((word) => (names.has(word) ? '…' : word)).join(''));
}

/** The text up to the first full stop or colon that ends a sentence; the whole text if there is none. */
function firstSentence(text: string): string {
  return /^.*?[.:](?=\s+\S)/s.exec(text)?.[0].slice(0, -1) ?? text;
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0];
}

/** Order of cases for a reader: fewest elements of q, k and v first, then those with the fewest options. A failure without a case comes last. */
function sizeOfCase({ failure }: CheckResult): number {
  if (!failure) return Number.POSITIVE_INFINITY;
  const { dims, options, mask, ...others }: Case = failure.case;
  const further = Object.keys(options).length + Object.keys(others).length + ('name' in mask ? Number(mask.name !== 'full') : 4);
  return elementsOf(dims) + further / 100;
}
