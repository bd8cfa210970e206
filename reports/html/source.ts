import type { CheckResult, Result } from '../../spec/types/documents.js';
import type { FailureData } from './site-data.js';

/** Data of a failure from its folder instead of the result document. */
export type FailureFiles = Pick<FailureData, 'replay' | 'placeholder' | 'files' | 'uncopied' | 'pictures' | 'unpictured' | 'printed'>;

/** Files to copy into the site, to a path that no document can choose. */
export interface FolderCopy {
  readonly from: string;
  readonly to: string;
  readonly names: readonly string[];
}

/** Result document with its failure folders. */
export interface ResultSource {
  readonly file: string;
  readonly result: Result;
  /** Files by `failureKey`, because checks are copied when they share hints. */
  readonly failures: ReadonlyMap<string, FailureFiles>;
  readonly copies: readonly FolderCopy[];
}

/** Returns the key of a check's failure in its result. */
export function failureKey({ adapter, id }: Pick<CheckResult, 'adapter' | 'id'>): string {
  return `${adapter}::${id}`;
}
