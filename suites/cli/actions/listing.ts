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
  /** Tables with different columns; empty ones are left out. */
  readonly more?: readonly Table[];
}

/** Data from which lists are made. */
export interface ListContext {
  readonly library: SpecLibrary;
  readonly documents: readonly SpecDocument[];
  /** Sources of adapters; if empty, every built-in. */
  readonly adapters: readonly string[];
  readonly load: LoadOptions;
  /** Restricts operators, masks and schemes to a text in their name, title or another name. */
  readonly family?: string;
  /** Restricts operators, masks and schemes by a text in their name, title or another name. */
  readonly search?: string;
  /** Adds the papers of documents, and operators that are published and have no definition here. */
  readonly all: boolean;
}
