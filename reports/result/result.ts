import { unavailableText } from '../../spec/lib/unavailable.js';
import { operatorDocuments } from '../../spec/operators/index.js';
import { operatorsOfProfile } from '../../spec/profile.js';
import { profileDocuments } from '../../spec/profiles/index.js';
import type { AdapterResult, CheckResult, ProfileTally, Result, Verdict } from '../../spec/types/documents.js';

const failing: readonly Verdict[] = ['fail', 'crash', 'timeout'];
const unjudged: readonly Verdict[] = ['error', 'unsupported', 'unavailable', 'not-run'];

/** True if the kernel was called and was wrong. */
export function isFailure(check: CheckResult): boolean {
  return failing.includes(check.verdict);
}

/** True if the check failed and the expectations file names this failure. */
export function isExpectedFailure(check: CheckResult): boolean {
  return isFailure(check) && check.expected === true;
}

/** True if the expectations file names a failure of the check, but the check passed. */
export function isUnexpectedPass(check: CheckResult): boolean {
  return check.verdict === 'pass' && check.expected === false;
}

/** Outcome of a check for somebody who waits for the run. `skipped` means that it was not asked, or could not be. */
export type CheckOutcome = 'pass' | 'failure' | 'expected-failure' | 'unexpected-pass' | 'error' | 'skipped';

export function outcomeOf(check: CheckResult): CheckOutcome {
  if (isUnexpectedPass(check)) return 'unexpected-pass';
  if (isExpectedFailure(check)) return 'expected-failure';
  if (isFailure(check)) return 'failure';
  return check.verdict === 'pass' || check.verdict === 'error' ? check.verdict : 'skipped';
}

/** Reason why a check has its verdict. */
export function reasonOf(check: CheckResult): string {
  const outcome = outcomeOf(check);
  if (outcome === 'unexpected-pass') return 'expected to fail, but passed';
  if (outcome === 'skipped') return `${check.verdict}: ${check.reason ?? 'not claimed'}`;
  return check.failure?.message ?? check.reason ?? check.verdict;
}

/** Segments of a check id, which has the form operator[+feature]/mask/property/dtype[@scheme]. */
export function segmentsOf(id: string): { operator: string; mask: string; property: string; dtype: string } {
  const [operator = '', mask = '', property = '', dtype = ''] = id.split('/');
  return { operator, mask, property, dtype };
}

/** Name of the operator that a check is of, without its feature. */
export function operatorOf(id: string): string {
  return segmentsOf(id).operator.split('+')[0];
}

/** Groups values by key, both in order of first appearance. */
export function groupBy<T, K>(values: Iterable<T>, key: (value: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const value of values) {
    const group = groups.get(key(value));
    if (group) group.push(value);
    else groups.set(key(value), [value]);
  }
  return groups;
}

/** Adapters that the machine of the run could run; reports list the others apart. */
export function availableAdapters(result: Result): AdapterResult[] {
  return result.adapters.filter((a) => a.unavailable === undefined);
}

/** Axes of a dialect that somebody declared, with value and who did. */
export function declaredDialect(dialect: AdapterResult['dialect']): [axis: string, entry: AdapterResult['dialect'][string]][] {
  return Object.entries(dialect).filter(([, { from }]) => from !== 'default');
}

/** Number of checks with each outcome that counts for a score. */
export interface Score {
  readonly passed: number;
  readonly failed: number;
  /** Number of the failures that the expectations file names. */
  readonly expected: number;
  /** Number of checks that were not run, or of which the suite itself failed. */
  readonly open: number;
}

export function scoreOf(checks: readonly CheckResult[]): Score {
  const count = (holds: (check: CheckResult) => boolean) => checks.filter(holds).length;
  return {
    passed: count((c) => c.verdict === 'pass'),
    failed: count(isFailure),
    expected: count(isExpectedFailure),
    open: count((c) => c.verdict === 'error' || c.verdict === 'not-run'),
  };
}

/** Adapters that could not be run and whose checks are not even known, each with the reason and the remedy. */
export function unopenedAdapters({ adapters, checks }: Result): { id: string; reason: string }[] {
  const known = new Set(checks.map((c) => c.adapter));
  return adapters.flatMap(({ id, unavailable }) => (unavailable && !known.has(id) ? [{ id, reason: unavailableText(unavailable) }] : []));
}

/** Names of the properties that were planned, in order of first appearance. */
export function propertiesOf(result: Result): string[] {
  return [...new Set(result.checks.map((c) => segmentsOf(c.id).property))];
}

/** Number of expected failures among the checks of a tally; 0 if the profile is not of this suite, as its checks are not known here. */
export function expectedFailuresOf(result: Result, tally: ProfileTally): number {
  const name = tally.name.split('@')[0];
  return result.checks.filter((c) => c.adapter === tally.adapter && isExpectedFailure(c) && belongsTo(c.id, name)).length;
}

/** True if a profile of this suite, or one that it includes, asks for the property and operator of a check. */
export function belongsTo(id: string, profileName: string): boolean {
  const profile = profileDocuments.find((p) => p.name === profileName);
  if (!profile) return false;
  const isOfOperator = operatorsOfProfile(profile, operatorDocuments).includes(operatorOf(id));
  const own = isOfOperator && profile.properties.includes(segmentsOf(id).property);
  return own || (profile.includes ?? []).some((included) => belongsTo(id, included));
}

/** Tally in words, such as "61 pass, 2 fail (2 expected), 8 unsupported"; verdicts that did not occur are left out. */
export function describeTally(tally: ProfileTally, expected: number): string {
  const count = (names: readonly Verdict[]) =>
    names.filter((v) => (tally[v as keyof ProfileTally] ?? 0) !== 0).map((v) => `${tally[v as keyof ProfileTally]} ${v}`);
  const failures = count(failing).join(', ');
  const parts = [
    ...count(['pass']),
    ...(failures === '' ? [] : [failures + (expected > 0 ? ` (${expected} expected)` : '')]),
    ...count(unjudged),
  ];
  return parts.length > 0 ? parts.join(', ') : 'no checks';
}

/** Number of checks of a profile, whatever their verdict. */
export function totalOf(tally: ProfileTally): number {
  return [...failing, ...unjudged, 'pass' as const].reduce((sum, verdict) => sum + (tally[verdict] ?? 0), 0);
}
