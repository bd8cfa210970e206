import type { CheckResult, Result } from '../../spec/types/documents.js';
import type { FailureData } from './site-data.js';

/** What was found beside the document in a failure's folder. */
export type FailureFiles = Pick<FailureData, 'replay' | 'placeholder' | 'files' | 'uncopied' | 'pictures' | 'unpictured' | 'printed'>;

/** Files that go into the site, at a place of ours: names in a result document name no file that is written. */
export interface FolderCopy {
  readonly from: string;
  /** Within the site. */
  readonly to: string;
  readonly names: readonly string[];
}

/** A result document, read. */
export interface ResultSource {
  /** As it was named. */
  readonly file: string;
  readonly result: Result;
  readonly failures: ReadonlyMap<CheckResult, FailureFiles>;
  readonly copies: readonly FolderCopy[];
}
