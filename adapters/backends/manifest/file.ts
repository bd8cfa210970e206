import { existsSync, readFileSync, statSync } from 'node:fs';
import { DocumentError } from '../../../spec/lib/documents.js';
import type { Adapter } from '../../adapter.js';
import { checkAdapter, type IsTaken } from '../module/check-adapter.js';

/** Reads the manifest that `--adapter` names. @throws {DocumentError} if the file is missing. */
export function readManifest(path: string, kind: 'native' | 'wgsl'): string {
  if (!existsSync(path) || !statSync(path).isFile())
    throw new DocumentError(path, '$', `no such file; npx attention-cts init --kind ${kind} writes a manifest to start from`);
  return readFileSync(path, 'utf8');
}

/** Checks an adapter made from a manifest; error paths start at the manifest's `$.adapter`. */
export function checkManifestAdapter(adapter: Adapter, document: string, isTaken?: IsTaken): Adapter {
  try {
    return checkAdapter(adapter, document, isTaken);
  } catch (error) {
    if (!(error instanceof DocumentError) || error.path.startsWith('$.capabilities')) throw error;
    throw new DocumentError(document, error.path.replace(/^\$/, '$.adapter'), error.problem);
  }
}
