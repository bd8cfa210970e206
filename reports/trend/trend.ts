import type { AdapterResult, CheckResult, JsonNumber, Result } from '../../spec/types/documents.js';
import { checkChanges } from '../diff/checks.js';
import { groupBy, isExpectedFailure, isFailure, segmentsOf } from '../result/result.js';
import { versionOf } from '../result/version-of.js';

/** Result for the trend. */
export interface TrendSource {
  readonly file: string;
  readonly result: Result;
}

/** Verdicts and accuracy of one adapter in one result. */
export interface TrendPoint {
  readonly file: string;
  readonly version: string | null;
  readonly started: string;
  readonly suite: string;
  readonly pass: number;
  readonly fail: number;
  readonly expected: number;
  readonly unsupported: number;
  /** Number of checks with the verdict error, not-run or unavailable. */
  readonly unjudged: number;
  /** Ids of checks that passed in the previous point and do not here; `fixes`: the reverse. */
  readonly regressions: readonly string[];
  readonly fixes: readonly string[];
  /** Largest error ÷ bound of passed checks, by storage type and output. */
  readonly accuracy: readonly { readonly dtype: string; readonly output: string; readonly maxOverBound: JsonNumber }[];
}

/** Points of an adapter, the oldest version first. */
export interface Trend {
  readonly adapter: string;
  readonly title: string;
  readonly points: readonly TrendPoint[];
}

/** Returns the trend of each adapter over results in which it could run. */
export function trendsOf(sources: readonly TrendSource[]): Trend[] {
  const all = sources.flatMap((source) => source.result.adapters.flatMap((adapter) => (adapter.unavailable ? [] : [{ source, adapter }])));
  return [...groupBy(all, ({ adapter }) => adapter.id)].map(([id, of]) => {
    const sorted = [...of].sort(
      (a, b) => compareVersions(a.adapter, b.adapter) || compare(a.source.result.started, b.source.result.started),
    );
    const points = sorted.map(({ source, adapter }, i) => pointOf(source, adapter, i > 0 ? sorted[i - 1].source.result : undefined));
    return { adapter: id, title: sorted[sorted.length - 1].adapter.title, points };
  });
}

function pointOf({ file, result }: TrendSource, adapter: AdapterResult, before: Result | undefined): TrendPoint {
  const { id } = adapter;
  const checks = result.checks.filter((check) => check.adapter === id);
  const count = (holds: (check: CheckResult) => boolean) => checks.filter(holds).length;
  const [pass, fail, unsupported] = [count((c) => c.verdict === 'pass'), count(isFailure), count((c) => c.verdict === 'unsupported')];
  const own = (r: Result): Result => ({ ...r, checks: r.checks.filter((check) => check.adapter === id) });
  const { regressions, fixes } = before ? checkChanges(own(before), own(result)) : { regressions: [], fixes: [] };
  return {
    file,
    version: versionOf(adapter),
    started: result.started,
    suite: result.suite,
    pass,
    fail,
    expected: count(isExpectedFailure),
    unsupported,
    unjudged: checks.length - pass - fail - unsupported,
    regressions: regressions.map((change) => change.id),
    fixes: fixes.map((change) => change.id),
    accuracy: accuracyOf(checks.filter((check) => check.verdict === 'pass')),
  };
}

function accuracyOf(checks: readonly CheckResult[]): TrendPoint['accuracy'] {
  const all = checks.flatMap((check) =>
    Object.entries(check.error ?? {}).flatMap(([output, { elements, maxOverBound }]) =>
      elements === 0 ? [] : [{ dtype: segmentsOf(check.id).dtype.split('@')[0], output, maxOverBound }],
    ),
  );
  return [...groupBy(all, ({ dtype, output }) => `${dtype} ${output}`).values()]
    .map((of) => of.reduce((worst, one) => (isLarger(one.maxOverBound, worst.maxOverBound) ? one : worst)))
    .sort((a, b) => compare(`${a.dtype} ${a.output}`, `${b.dtype} ${b.output}`));
}

function isLarger(a: JsonNumber, b: JsonNumber): boolean {
  return !Number.isNaN(Number(b)) && !(Number(a) <= Number(b));
}

/** Compares versions numerically: 4.9 is before 4.22. A missing version comes first. */
function compareVersions(x: AdapterResult, y: AdapterResult): number {
  const [a, b] = [versionOf(x), versionOf(y)];
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  return a.localeCompare(b, 'en', { numeric: true });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
