import type { CheckResult, Result } from '../../spec/types/documents.js';
import { isFailure, segmentsOf } from './result.js';

/** True if an implementation supports something and does it right. `unjudged` means that this could not be determined. */
export type Support = 'right' | 'wrong' | 'unjudged' | 'unsupported';

/**
 * Support that the checks of a subject tell; undefined if there are none. One failed check makes it wrong, expected or not. An unsupported
 * check does not make the rest wrong.
 */
export function supportOf(checks: readonly CheckResult[]): Support | undefined {
  if (checks.length === 0) return undefined;
  if (checks.some(isFailure)) return 'wrong';
  if (checks.some((c) => c.verdict === 'error' || c.verdict === 'not-run' || c.verdict === 'unavailable')) return 'unjudged';
  return checks.some((c) => c.verdict === 'pass') ? 'right' : 'unsupported';
}

/**
 * Subjects whose support a check tells: its operator, features, mask, property, dtype and schemes. A check that draws its masks tells the
 * support of none of them.
 */
export function subjectsOf(id: string): string[] {
  const { operator: whole, mask, property, dtype: last } = segmentsOf(id);
  const [operator, ...features] = whole.split('+');
  const [dtype, ...schemes] = last.split('@');
  return [
    `operator ${operator}`,
    ...features.map((feature) => `feature ${feature}`),
    ...(mask === 'any' ? [] : [`mask ${mask}`]),
    `property ${property}`,
    `dtype ${dtype}`,
    ...schemes.map((scheme) => `scheme ${scheme}`),
  ];
}

const kinds = ['operator', 'dtype', 'mask', 'feature', 'property', 'scheme'];

/** Subjects of all checks of a result, by kind and then in order of first appearance. */
export function allSubjects({ checks }: Result): string[] {
  const subjects = new Set<string>();
  for (const id of new Set(checks.map((c) => c.id))) for (const subject of subjectsOf(id)) subjects.add(subject);
  const rank = (subject: string) => kinds.indexOf(subject.split(' ')[0]);
  return [...subjects].sort((a, b) => rank(a) - rank(b));
}

/** Groups checks by the subjects whose support they tell. */
export function bySubject(checks: readonly CheckResult[]): Map<string, CheckResult[]> {
  const groups = new Map<string, CheckResult[]>();
  for (const check of checks) {
    for (const subject of subjectsOf(check.id)) {
      const group = groups.get(subject);
      if (group) group.push(check);
      else groups.set(subject, [check]);
    }
  }
  return groups;
}
