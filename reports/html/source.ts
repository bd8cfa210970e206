import type { CheckResult, Result } from '../../spec/types/documents.js';
import type { FailureData } from './site-data.js';

/** Data of a failure that come from its folder rather than from the result document. */
export type FailureFiles = Pick<FailureData, 'replay' | 'placeholder' | 'files' | 'uncopied' | 'pictures' | 'unpictured' | 'printed'>;

/** Files that are copied into the site. Their place is chosen here: no name in a result document decides which file is written. */
export interface FolderCopy {
  readonly from: string;
  /** Destination folder within the site. */
  readonly to: string;
  readonly names: readonly string[];
}

/** Result document that was read. */
export interface ResultSource {
  /** Name of the file as the user gave it. */
  readonly file: string;
  readonly result: Result;
  /** By what `failureKey` gives: a check that gets the hint of another one is no longer the object that was read. */
  readonly failures: ReadonlyMap<string, FailureFiles>;
  readonly copies: readonly FolderCopy[];
}

/** Key of a check's failure among those of its result. */
export function failureKey({ adapter, id }: Pick<CheckResult, 'adapter' | 'id'>): string {
  return `${adapter}::${id}`;
}
