import type { CheckResult } from '../../spec/types/documents.js';
import { groupBy } from './result.js';

/** A failure, by whom and what it hints at. */
export interface Hinted {
  readonly adapter: string;
  readonly hint?: string;
}

/** Hints that several failures of an adapter share, a line each, the commonest first: one fault fails many checks. */
export function commonCauses(failures: readonly Hinted[]): string[] {
  return [...groupBy(failures, (f) => f.adapter)].flatMap(([adapter, own]) =>
    [...groupBy(own, (f) => f.hint)]
      .flatMap(([hint, { length }]) => (hint !== undefined && length > 1 ? [{ hint, length }] : []))
      .sort((x, y) => y.length - x.length)
      .map(({ hint, length }) => `${adapter}: ${length} of ${own.length} failures: ${hint.trim().replaceAll('\n', '; ')}`),
  );
}

export function hintedOf({ adapter, failure }: CheckResult): Hinted {
  return { adapter, hint: failure?.hint };
}
