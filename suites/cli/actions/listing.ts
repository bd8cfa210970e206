import type { LoadOptions } from '../../../adapters/load-options.js';
import type { SpecDocument, SpecLibrary } from '../../../spec/library.js';

/** Records for `--json`, and the same as a table. */
export interface Listing {
  readonly records: readonly object[];
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What a lister may look at. */
export interface ListContext {
  readonly library: SpecLibrary;
  readonly documents: readonly SpecDocument[];
  /** Sources of adapters; empty: every built-in. */
  readonly adapters: readonly string[];
  readonly load: LoadOptions;
}
