import { resolveNumeric } from '../../spec/numeric/profile.js';
import type { AdapterResult, CheckResult, DType, Result } from '../../spec/types/documents.js';
import { numericLines } from '../result/numeric-lines.js';
import { adapterPairs } from './adapters.js';

/** Changed line of an adapter's numeric profile. */
export interface NumericChange {
  readonly adapter: string;
  readonly dtype: DType;
  readonly key: string;
  readonly old: string;
  readonly now: string;
  /** True if larger errors are allowed; another tile may go either way. */
  readonly looser: boolean;
}

export function numericChanges(old: Result, now: Result): NumericChange[] {
  return adapterPairs(old, now).flatMap(({ id, old: before, now: after }) => {
    const dtypes = dtypesOf(before).filter((dtype) => dtypesOf(after).includes(dtype));
    return dtypes.flatMap((dtype) => {
      const [a, b] = [before, after].map(({ capabilities }) => resolveNumeric(dtype, capabilities?.numeric));
      return numericLines
        .filter(({ text }) => text(a) !== text(b))
        .map(({ key, text, rank }) => ({
          adapter: id,
          dtype,
          key,
          old: text(a),
          now: text(b),
          looser: rank !== undefined && rank(b) > rank(a),
        }));
    });
  });
}

function dtypesOf({ capabilities }: AdapterResult): readonly DType[] {
  return capabilities?.dtypes ?? [];
}

/** Change of the largest error ÷ bound of a check that passes in both results. */
export interface AccuracyChange {
  readonly adapter: string;
  readonly id: string;
  readonly output: string;
  readonly old: number;
  readonly now: number;
}

/** Smallest reported factor; roundings alone change a maximum over dozens of cases by less. */
const factor = 2;
const least = 0.05;

/** Returns errors ÷ bound that doubled or halved; empty if the results have different cases. */
export function accuracyChanges(old: Result, now: Result): AccuracyChange[] {
  if (old.seed !== now.seed || old.plan.runs !== now.plan.runs) return [];
  const before = new Map(old.checks.map((c) => [`${c.adapter}::${c.id}`, c]));
  return now.checks.flatMap((check) => {
    const other = before.get(`${check.adapter}::${check.id}`);
    return other?.verdict === 'pass' && check.verdict === 'pass' && other.cases === check.cases ? changesOf(other, check) : [];
  });
}

function changesOf(old: CheckResult, now: CheckResult): AccuracyChange[] {
  return Object.entries(now.error ?? {}).flatMap(([output, { maxOverBound }]) => {
    const before = old.error && Object.hasOwn(old.error, output) ? old.error[output].maxOverBound : Number.NaN;
    const [a, b] = [Number(before), Number(maxOverBound)];
    const [low, high] = [Math.min(a, b), Math.max(a, b)];
    return high >= least && high >= factor * low ? [{ adapter: now.adapter, id: now.id, output, old: a, now: b }] : [];
  });
}
