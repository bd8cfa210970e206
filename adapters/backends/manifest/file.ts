import { existsSync, readFileSync, statSync } from 'node:fs';
import { DocumentError } from '../../../spec/lib/documents.js';
import type { Adapter } from '../../adapter.js';
import { checkAdapter, type IsTaken } from '../module/check-adapter.js';

/** The text of the manifest that `--adapter` names. @throws {DocumentError} where there is no such file, with how to get one. */
export function readManifest(path: string, kind: 'native' | 'wgsl'): string {
  if (!existsSync(path) || !statSync(path).isFile())
    throw new DocumentError(path, '$', `no such file; npx attention-cts init --kind ${kind} writes a manifest to start from`);
  return readFileSync(path, 'utf8');
}

/** An adapter made from a manifest, which keeps id, title and version under `adapter`: paths in messages are the manifest's. */
export function checkManifestAdapter(adapter: Adapter, document: string, isTaken?: IsTaken): Adapter {
  try {
    return checkAdapter(adapter, document, isTaken);
  } catch (error) {
    if (!(error instanceof DocumentError) || error.path.startsWith('$.capabilities')) throw error;
    throw new DocumentError(document, error.path.replace(/^\$/, '$.adapter'), error.problem);
  }
}
