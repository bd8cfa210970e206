import type { CheckResult, Result } from '../../spec/types/documents.js';
import { isFailure } from '../result/result.js';

/** Verdict of a check, with its failure class and reason. */
export type Standing = Pick<CheckResult, 'verdict' | 'class' | 'reason'>;

export interface CheckChange {
  readonly adapter: string;
  readonly id: string;
  /** Verdict in the older result; absent if only the newer one (`now`) has the check. */
  readonly old?: Standing;
  readonly now?: Standing;
}

/** Checks with another verdict or class, each in one list, in the order of the newer result. */
export interface CheckChanges {
  /** Checks that passed and no longer pass, or are gone. */
  readonly regressions: readonly CheckChange[];
  /** Checks that fail in a new way, or were not judged before. */
  readonly newClasses: readonly CheckChange[];
  readonly fixes: readonly CheckChange[];
  readonly others: readonly CheckChange[];
  readonly added: readonly CheckChange[];
  /** Missing checks that had not passed. */
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
