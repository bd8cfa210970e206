import type { CheckResult, Result } from '../../spec/types/documents.js';
import { availableAdapters, describeTally, expectedFailuresOf, groupBy, segmentsOf } from '../result.js';

/** What every adapter ran on, and what of each profile it passed. */
export function adapterSections(result: Result): string {
  return availableAdapters(result)
    .filter((a) => result.checks.some((c) => c.adapter === a.id))
    .map(({ id, version, environment, dialect }) =>
      [
        `${id}${version ? ` ${version}` : ''}`,
        ...result.profiles.filter((t) => t.adapter === id).map((t) => `  ${t.name}: ${describeTally(t, expectedFailuresOf(result, t))}`),
        ...unsupportedLines(result, id),
        ...line(
          'dialect',
          Object.entries(dialect)
            .filter(([, d]) => d.from !== 'default')
            .map(([axis, d]) => `${axis}=${d.value}${d.from === 'flag' ? ' (flag)' : ''}`),
        ),
        ...line(
          'runs on',
          Object.entries(environment).map(([key, value]) => `${key} ${value}`),
        ),
      ].join('\n'),
    )
    .join('\n');
}

/** Checks that were not asked, by reason, the commonest first: reasons that differ only in the mask or feature are one. */
function unsupportedLines(result: Result, adapter: string): string[] {
  const checks = result.checks
    .filter((c) => c.adapter === adapter && c.verdict === 'unsupported')
    .map((c) => ({ reason: c.reason ?? 'not claimed', ...subjectOf(c) }));
  return [...groupBy(checks, (c) => c.general)]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([general, group]) => {
      const subjects = [...new Set(group.map((c) => c.subject))];
      return `  unsupported ×${group.length}: ${subjects.length > 1 && general !== group[0].reason ? `${general} (… = ${subjects.join(', ')})` : group[0].reason}`;
    });
}

/** The mask or feature that a check is about, and its reason without that name. */
function subjectOf({ id, reason = 'not claimed' }: CheckResult): { subject: string; general: string } {
  const { operator, mask } = segmentsOf(id);
  const subject = mask === 'any' ? (operator.split('+')[1] ?? '') : mask;
  const words = reason.split(/([\w-]+)/);
  const general = subject === '' ? reason : words.map((word) => (word === subject ? '…' : word)).join('');
  return { subject, general };
}

function line(title: string, parts: readonly string[]): string[] {
  return parts.length > 0 ? [`  ${title}: ${parts.join(', ')}`] : [];
}

/** Adapters that this machine cannot run, with what would mend it. */
export function unavailableLines(result: Result): string {
  return result.adapters
    .flatMap((a) => (a.unavailable ? [`${a.id}: ${a.unavailable.reason}\n  remedy: ${a.unavailable.remedy}`] : []))
    .join('\n');
}
