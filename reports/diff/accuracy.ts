import type { CheckResult, Result } from '../../spec/types/documents.js';

/** Change of the largest error ÷ bound over the cases of a check that passes in both results. */
export interface AccuracyChange {
  readonly adapter: string;
  readonly id: string;
  readonly output: string;
  readonly old: number;
  readonly now: number;
}

/** Factor of a change that is reported; a maximum over a few dozen cases changes by less if only roundings differ. */
const factor = 2;
/** Share of the bound below which no change matters. */
const least = 0.05;

/**
 * Changes where the largest error ÷ bound at least doubled or halved. Empty if the seeds or numbers of cases of the two results differ,
 * because other cases have other maxima.
 */
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
