import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { validateCase } from '../../../generators/validate.js';
import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import { DocumentError, parseDocument } from '../../../spec/lib/documents.js';
import type { SpecLibrary } from '../../../spec/spec-library.js';
import type { Failure } from '../../../spec/types/documents.js';
import { forFlag, readFoundText } from '../../lib/files.js';
import { parseCheckId } from '../check-id.js';

/** A saved failure and the path of its document. */
export interface CorpusEntry {
  readonly document: string;
  readonly failure: Failure;
}

/** Reads a folder's failures, sorted by file name; [] if it is absent. @throws {DocumentError} */
export function readCorpus(folder: string, library: SpecLibrary): CorpusEntry[] {
  if (!existsSync(folder)) return [];
  const names = forFlag('--corpus', () => readdirSync(folder)).filter((name) => name.endsWith('.json'));
  return names.sort().map((name) => readEntry(join(folder, name), library));
}

function readEntry(document: string, library: SpecLibrary): CorpusEntry {
  const failure = parseDocument('failure', readFoundText('--corpus', document), document);
  const capabilities = resolveCapabilities(failure.adapter.capabilities, document);
  validateCase(Claims.of(library, capabilities).library, failure.case, document);
  const { operator, dtype, parallel } = failure.case;
  const parts = parseCheckId(failure.check);
  if (parts?.operator !== operator || parts.dtype !== dtype || parts.scheme !== parallel?.scheme) {
    const scheme = parallel ? `, scheme ${parallel.scheme}` : '';
    throw new DocumentError(document, '$.check', `found "${failure.check}", but its case is one of ${operator}, ${dtype}${scheme}`);
  }
  return { document, failure };
}
