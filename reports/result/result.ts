import { unavailableText } from '../../spec/lib/unavailable.js';
import { operatorDocuments } from '../../spec/operators/index.js';
import { operatorsOfProfile } from '../../spec/profile.js';
import { profileDocuments } from '../../spec/profiles/index.js';
import type { AdapterResult, CheckResult, ProfileTally, Result, Verdict } from '../../spec/types/documents.js';

const failing: readonly Verdict[] = ['fail', 'crash', 'timeout'];
const unjudged: readonly Verdict[] = ['error', 'unsupported', 'unavailable', 'not-run'];

/** Returns true if the kernel ran and was wrong. */
export function isFailure(check: CheckResult): boolean {
  return failing.includes(check.verdict);
}

/** Returns true if the check failed as the expectations file names it. */
export function isExpectedFailure(check: CheckResult): boolean {
  return isFailure(check) && check.expected === true;
}

/** Returns true if the check passed against the expectations file. */
export function isUnexpectedPass(check: CheckResult): boolean {
  return check.verdict === 'pass' && check.expected === false;
}

/** Outcome for a user who waits for the run; `skipped` checks did not run. */
export type CheckOutcome = 'pass' | 'failure' | 'expected-failure' | 'unexpected-pass' | 'error' | 'skipped';

export function outcomeOf(check: CheckResult): CheckOutcome {
  if (isUnexpectedPass(check)) return 'unexpected-pass';
  if (isExpectedFailure(check)) return 'expected-failure';
  if (isFailure(check)) return 'failure';
  return check.verdict === 'pass' || check.verdict === 'error' ? check.verdict : 'skipped';
}

/** Returns the reason for a check's verdict. */
export function reasonOf(check: CheckResult): string {
  const outcome = outcomeOf(check);
  if (outcome === 'unexpected-pass') return 'expected to fail, but passed';
  if (outcome === 'skipped') return `${check.verdict}: ${check.reason ?? 'not claimed'}`;
  return check.failure?.message ?? check.reason ?? check.verdict;
}

/** Splits a check id, operator[+feature]/mask/property/dtype[@scheme]. */
export function segmentsOf(id: string): { operator: string; mask: string; property: string; dtype: string } {
  const [operator = '', mask = '', property = '', dtype = ''] = id.split('/');
  return { operator, mask, property, dtype };
}

/** Returns a check's operator without its feature. */
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

/** Returns the adapters that could run. */
export function availableAdapters(result: Result): AdapterResult[] {
  return result.adapters.filter((a) => a.unavailable === undefined);
}

/** Returns axes of a dialect that were declared, with value and source. */
export function declaredDialect(dialect: AdapterResult['dialect']): [axis: string, entry: AdapterResult['dialect'][string]][] {
  return Object.entries(dialect).filter(([, { from }]) => from !== 'default');
}

/** Number of checks by outcome. */
export interface Score {
  readonly passed: number;
  readonly failed: number;
  readonly expected: number;
  /** Number of checks that were not run, or ended with an error of the suite. */
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

/** Returns adapters that could not run and have no known checks, with reason and remedy. */
export function unopenedAdapters({ adapters, checks }: Result): { id: string; reason: string }[] {
  const known = new Set(checks.map((c) => c.adapter));
  return adapters.flatMap(({ id, unavailable }) => (unavailable && !known.has(id) ? [{ id, reason: unavailableText(unavailable) }] : []));
}

/** Returns the names of the planned properties, in order of first appearance. */
export function propertiesOf(result: Result): string[] {
  return [...new Set(result.checks.map((c) => segmentsOf(c.id).property))];
}

/** Returns the expected failures of a tally; 0 for profiles that are not built in. */
export function expectedFailuresOf(result: Result, tally: ProfileTally): number {
  const name = tally.name.split('@')[0];
  return result.checks.filter((c) => c.adapter === tally.adapter && isExpectedFailure(c) && belongsTo(c.id, name)).length;
}

/** Returns true if a built-in profile, or a profile that it includes, has a check. */
export function belongsTo(id: string, profileName: string): boolean {
  const profile = profileDocuments.find((p) => p.name === profileName);
  if (!profile) return false;
  const isOfOperator = operatorsOfProfile(profile, operatorDocuments).includes(operatorOf(id));
  const own = isOfOperator && profile.properties.includes(segmentsOf(id).property);
  return own || (profile.includes ?? []).some((included) => belongsTo(id, included));
}

/** Formats a tally: "61 pass, 2 fail (2 expected), 8 unsupported". */
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

/** Returns the number of checks of a profile. */
export function totalOf(tally: ProfileTally): number {
  return [...failing, ...unjudged, 'pass' as const].reduce((sum, verdict) => sum + (tally[verdict] ?? 0), 0);
}
