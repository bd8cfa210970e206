import type { CheckResult } from '../spec/types/documents.js';
import { groupBy } from './result.js';

/** Failures of one adapter with one hint. */
export interface Cause {
  readonly adapter: string;
  readonly hint: string;
  readonly checks: readonly CheckResult[];
  /** All failures of the adapter. */
  readonly of: number;
}

/** Hints that several failures of an adapter share, the commonest first: one fault fails many checks. */
export function commonCauses(failures: readonly CheckResult[]): Cause[] {
  return [...groupBy(failures, (c) => c.adapter)].flatMap(([adapter, own]) =>
    [...groupBy(own, (c) => c.failure?.hint)]
      .flatMap(([hint, checks]) => (hint !== undefined && checks.length > 1 ? [{ adapter, hint, checks, of: own.length }] : []))
      .sort((x, y) => y.checks.length - x.checks.length),
  );
}

/** In one line. */
export function causeLine({ adapter, hint, checks, of }: Cause): string {
  return `${adapter}: ${checks.length} of ${of} failures: ${hint.trim().replaceAll('\n', '; ')}`;
}
