import type { Result } from '../../spec/types/documents.js';
import { describeTally, expectedFailuresOf, groupBy } from '../result.js';

/** What every adapter ran on, and what of each profile it passed. */
export function adapterSections(result: Result): string {
  return result.adapters
    .filter((a) => result.checks.some((c) => c.adapter === a.id))
    .map(({ id, version, environment, dialect }) =>
      [
        `${id}${version ? ` ${version}` : ''}`,
        ...result.profiles.filter((t) => t.adapter === id).map((t) => `  ${t.name}: ${describeTally(t, expectedFailuresOf(result, t))}`),
        ...unsupportedLines(result, id),
        ...line('dialect', Object.entries(dialect).filter(([, d]) => d.from !== 'default').map(([axis, d]) => `${axis}=${d.value}${d.from === 'flag' ? ' (flag)' : ''}`)),
        ...line('runs on', Object.entries(environment).map(([key, value]) => `${key} ${value}`)),
      ].join('\n'),
    )
    .join('\n');
}

/** Checks that were not asked, by reason: one line each reason, the commonest first. */
function unsupportedLines(result: Result, adapter: string): string[] {
  const groups = groupBy(
    result.checks.filter((c) => c.adapter === adapter && c.verdict === 'unsupported'),
    (c) => c.reason ?? 'not claimed',
  );
  return [...groups].sort(([, a], [, b]) => b.length - a.length).map(([reason, checks]) => `  unsupported ×${checks.length}: ${reason}`);
}

function line(title: string, parts: readonly string[]): string[] {
  return parts.length > 0 ? [`  ${title}: ${parts.join(', ')}`] : [];
}

/** Adapters that this machine cannot run, with what would mend it. */
export function unavailableLines(result: Result): string {
  return result.adapters.flatMap((a) => (a.unavailable ? [`${a.id}: ${a.unavailable.reason}\n  remedy: ${a.unavailable.remedy}`] : [])).join('\n');
}
