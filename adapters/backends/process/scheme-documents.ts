import { readFileSync } from 'node:fs';
import { documentOf } from '../../../spec/claims/adapter-scheme.js';
import { DocumentError } from '../../../spec/documents.js';
import { parseJson } from '../../../spec/json.js';
import type { Capabilities } from '../../../spec/types/documents.js';

/** The claims with the documents that `spec` names in place. @throws {DocumentError} where one is not there, or malformed. */
export function withDocuments(capabilities: Capabilities): Capabilities {
  if (!capabilities.schemes) return capabilities;
  const schemes = Object.entries(capabilities.schemes).map(([name, claim]) => {
    const read = claim.spec === undefined ? claim : { ...claim, document: readJson(claim.spec) };
    documentOf(name, read);
    return [name, read] as const;
  });
  return { ...capabilities, schemes: Object.fromEntries(schemes) };
}

function readJson(path: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new DocumentError(path, '$', error instanceof Error ? error.message : String(error));
  }
  // held to its schema by documentOf
  return parseJson(text, path) as Record<string, unknown>;
}
