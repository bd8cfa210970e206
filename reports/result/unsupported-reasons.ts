import type { CheckResult } from '../../spec/types/documents.js';
import { groupBy, segmentsOf } from './result.js';

/** Counts reasons of unsupported checks, ignoring mask and feature names, the commonest first. */
export function unsupportedReasons(checks: readonly CheckResult[]): { count: number; text: string }[] {
  const unsupported = checks
    .filter(({ verdict }) => verdict === 'unsupported')
    .map((c) => ({ reason: c.reason ?? 'not claimed', ...subjectOf(c) }));
  return [...groupBy(unsupported, (c) => c.general)]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([general, group]) => {
      const subjects = [...new Set(group.map((c) => c.subject))];
      const several = subjects.length > 1 && general !== group[0].reason;
      return { count: group.length, text: several ? `${general} (… = ${subjects.join(', ')})` : group[0].reason };
    });
}

/** Returns a check's mask or feature, and its reason without that name. */
function subjectOf({ id, reason = 'not claimed' }: CheckResult): { subject: string; general: string } {
  const { operator, mask } = segmentsOf(id);
  const subject = mask === 'any' ? (operator.split('+')[1] ?? '') : mask;
  const words = reason.split(/([\w-]+)/);
  const general = subject === '' ? reason : words.map((word) => (word === subject ? '…' : word)).join('');
  return { subject, general };
}
