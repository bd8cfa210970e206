import type { CheckResult, Result } from '../../spec/types/documents.js';
import type { FailureData } from './site-data.js';

/** What was found beside the document in a failure's folder. */
export type FailureFiles = Pick<FailureData, 'replay' | 'placeholder' | 'pictures' | 'unpictured' | 'printed'>;

/** A result document, read. */
export interface ResultSource {
  /** As it was named. */
  readonly file: string;
  readonly result: Result;
  readonly failures: ReadonlyMap<CheckResult, FailureFiles>;
}
