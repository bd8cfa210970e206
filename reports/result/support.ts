import type { CheckResult, Result } from '../../spec/types/documents.js';
import { isFailure, segmentsOf } from './result.js';

/** Support of an implementation for a subject; `unjudged` if undetermined. */
export type Support = 'right' | 'wrong' | 'unjudged' | 'unsupported';

/** Returns the support that checks show: a failed check, even if expected, makes it wrong. */
export function supportOf(checks: readonly CheckResult[]): Support | undefined {
  if (checks.length === 0) return undefined;
  if (checks.some(isFailure)) return 'wrong';
  if (checks.some((c) => c.verdict === 'error' || c.verdict === 'not-run' || c.verdict === 'unavailable')) return 'unjudged';
  return checks.some((c) => c.verdict === 'pass') ? 'right' : 'unsupported';
}

/** Returns a check's operator, features, mask (unless drawn), property, dtype and schemes. */
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

/** Returns the subjects of all checks, by kind, in order of first appearance. */
export function allSubjects({ checks }: Result): string[] {
  const subjects = new Set<string>();
  for (const id of new Set(checks.map((c) => c.id))) for (const subject of subjectsOf(id)) subjects.add(subject);
  const rank = (subject: string) => kinds.indexOf(subject.split(' ')[0]);
  return [...subjects].sort((a, b) => rank(a) - rank(b));
}

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
