import { join } from 'node:path';
import { checkDocument } from '../../../spec/lib/documents.js';
import type { Result } from '../../../spec/types/documents.js';
import { writeAside } from '../../lib/write-aside.js';

/** Writes result.json: there is never half a document. @throws {DocumentError} where it breaks its own schema. @throws {UsageError} where it cannot be written. */
export function writeResult(out: string, result: Result): void {
  checkDocument('result', result, 'result.json');
  writeAside('--out', join(out, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
}
