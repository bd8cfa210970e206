import type { Case, Expectation, Verdict } from '../../spec/types/documents.js';

/** Looks up entries of the expectations file. */
export interface ExpectationLookup {
  match(adapter: string, check: string, verdict: Verdict, failureClass: string | undefined, c: Case): Expectation | undefined;
  entriesFor(adapter: string, check: string): readonly Expectation[];
}
