import type { CheckResult, Result } from '../../spec/types/documents.js';
import { isFailure } from '../result/result.js';

/** Verdict of a check in a result, with its failure class and reason. */
export type Standing = Pick<CheckResult, 'verdict' | 'class' | 'reason'>;

export interface CheckChange {
  readonly adapter: string;
  readonly id: string;
  /** Verdict in the older result, and `now` in the newer one; absent if only the other result has the check. */
  readonly old?: Standing;
  readonly now?: Standing;
}

/** Checks whose verdict or class changed, each in one list, in the order of the newer result; those that are gone, in that of the older. */
export interface CheckChanges {
  /** Checks that passed and no longer pass, including those that are gone. */
  readonly regressions: readonly CheckChange[];
  /** Checks that fail and did not fail in this way before: they failed in another way, or were not judged. */
  readonly newClasses: readonly CheckChange[];
  /** Checks that pass and did not before. */
  readonly fixes: readonly CheckChange[];
  readonly others: readonly CheckChange[];
  readonly added: readonly CheckChange[];
  /** Checks that are gone and had not passed. */
  readonly gone: readonly CheckChange[];
}

type Kind = keyof CheckChanges;

export function checkChanges(old: Result, now: Result): CheckChanges {
  const changes: Record<Kind, CheckChange[]> = { regressions: [], newClasses: [], fixes: [], others: [], added: [], gone: [] };
  const before = byName(old);
  const after = byName(now);
  const note = (check: CheckResult, a: CheckResult | undefined, b: CheckResult | undefined) => {
    const kind = kindOf(a, b);
    const { adapter, id } = check;
    if (kind) changes[kind].push({ adapter, id, ...(a && { old: standing(a) }), ...(b && { now: standing(b) }) });
  };
  for (const [name, check] of after) note(check, before.get(name), check);
  for (const [name, check] of before) if (!after.has(name)) note(check, check, undefined);
  return changes;
}

function kindOf(old: CheckResult | undefined, now: CheckResult | undefined): Kind | undefined {
  if (!old) return 'added';
  if (old.verdict === 'pass') return now?.verdict === 'pass' ? undefined : 'regressions';
  if (!now) return 'gone';
  if (now.verdict === 'pass') return 'fixes';
  const same = old.verdict === now.verdict && old.class === now.class;
  if (isFailure(now)) return same ? undefined : 'newClasses';
  return same ? undefined : 'others';
}

function byName({ checks }: Result): Map<string, CheckResult> {
  return new Map(checks.map((c) => [`${c.adapter}::${c.id}`, c]));
}

function standing({ verdict, class: failureClass, reason }: CheckResult): Standing {
  return { verdict, ...(failureClass !== undefined && { class: failureClass }), ...(reason !== undefined && { reason }) };
}
