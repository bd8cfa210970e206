import type { LoadOptions } from '../../../adapters/load-options.js';
import type { SpecDocument } from '../../../spec/library.js';
import type { SpecLibrary } from '../../../spec/spec-library.js';

interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** List as records for `--json` and as a table. */
export interface Listing extends Table {
  readonly records: readonly object[];
  /** Tables of what has other columns; those without rows are left out. */
  readonly more?: readonly Table[];
}

/** Data from which lists are made. */
export interface ListContext {
  readonly library: SpecLibrary;
  readonly documents: readonly SpecDocument[];
  /** Sources of adapters; if empty, every built-in. */
  readonly adapters: readonly string[];
  readonly load: LoadOptions;
  /** Restricts operators to this family. */
  readonly family?: string;
  /** Restricts operators, masks and schemes to those whose name, title or another name has this text in it. */
  readonly search?: string;
  /** Adds the papers of documents, and operators that are published and have no definition here. */
  readonly all: boolean;
}
