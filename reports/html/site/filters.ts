import type { Verdict } from '../../../spec/types/documents.js';
import type { Report } from './report.js';

/** Filters of a reader; an empty string selects everything. */
export interface Filters {
  readonly search: string;
  readonly verdict: string;
  readonly profile: string;
  readonly property: string;
  readonly dtype: string;
  readonly adapter: string;
}

export function filtersOf(params: Readonly<Record<string, string>>): Filters {
  const { search = '', verdict = '', profile = '', property = '', dtype = '', adapter = '' } = params;
  return { search, verdict, profile, property, dtype, adapter };
}

export interface Selection {
  readonly implementations: readonly number[];
  readonly checks: readonly number[];
}

/** Selects implementations and checks. A verdict matches if any selected implementation has it. */
export function select(report: Report, filters: Filters): Selection {
  const { profile, property, dtype, adapter, verdict } = filters;
  const words = filters.search.toLowerCase().split(/\s+/).filter(Boolean);
  const asked = report.index.profiles.find((p) => p.name === profile)?.checks;
  const implementations = report.available.filter((i) => adapter === '' || report.index.implementations[i].key === adapter);
  const checks = report.names.flatMap((name, check) => {
    const fits =
      (profile === '' || asked?.[check] === '1') &&
      (property === '' || name.property === property) &&
      (dtype === '' || name.dtype === dtype) &&
      words.every((word) => name.id.toLowerCase().includes(word));
    const judged = implementations.some((i) => fitsVerdict(report, i, check, verdict));
    return fits && judged ? [check] : [];
  });
  return { implementations, checks };
}

/** Matches a verdict filter: `failing` are unexpected, `expected` expected failures. */
export function fitsVerdict(report: Report, implementation: number, check: number, verdict: string): boolean {
  const found = report.verdict(implementation, check);
  if (found === undefined) return false;
  if (verdict === '') return true;
  if (verdict === 'failing') return failing.has(found) && !report.isExpected(implementation, check);
  if (verdict === 'expected') return failing.has(found) && report.isExpected(implementation, check);
  return found === verdict;
}

const failing: ReadonlySet<Verdict> = new Set<Verdict>(['fail', 'crash', 'timeout']);
