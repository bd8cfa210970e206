import type { LoadOptions } from '../../../adapters/load-options.js';
import type { SpecDocument } from '../../../spec/library.js';
import type { SpecLibrary } from '../../../spec/spec-library.js';

interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A list: records for `--json`, and a table. */
export interface Listing extends Table {
  readonly records: readonly object[];
  /** Tables with other columns; empty ones are left out. */
  readonly more?: readonly Table[];
}

export interface ListContext {
  readonly library: SpecLibrary;
  readonly documents: readonly SpecDocument[];
  readonly adapters: readonly string[];
  readonly load: LoadOptions;
  readonly family?: string;
  readonly search?: string;
  /** Adds papers, and published operators that have no definition here. */
  readonly all: boolean;
}
