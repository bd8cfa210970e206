import { unjudgedClaims } from '../../spec/claims/unjudged-claims.js';
import type { CheckResult, Result } from '../../spec/types/documents.js';
import { groupBy } from './result.js';

export interface Unjudged {
  readonly what: string;
  readonly checks: readonly CheckResult[];
  /** "3 checks, the first softmax/any/strided/f32". */
  readonly where: string;
}

/** Groups inconclusive checks (`error` and `not-run`) by verdict, adapter and reason. */
export function groupUnjudged(checks: readonly CheckResult[]): Unjudged[] {
  const unjudged = checks.filter((c) => c.verdict === 'error' || c.verdict === 'not-run');
  const what = (c: CheckResult) => `${c.verdict} ${c.adapter}: ${c.class ? `${c.class}: ` : ''}${c.reason ?? 'no reason given'}`;
  return [...groupBy(unjudged, what)].map(([key, group]) => ({
    what: key,
    checks: group,
    where: group.length === 1 ? group[0].id : `${group.length} checks, the first ${group[0].id}`,
  }));
}

/** Lists claims that were not judged, as the last line of a report. */
export function unjudgedLine(result: Result): string[] {
  const claims = unjudgedClaims(result);
  return claims.length > 0
    ? [`claimed, but not judged: ${claims.join(', ')}; to judge only a part on purpose, use --filter or --profile`]
    : [];
}
