import { join } from 'node:path';
import { checkDocument } from '../../../spec/lib/documents.js';
import type { Result } from '../../../spec/types/documents.js';
import { writeAside } from '../../lib/write-aside.js';

/** Writes result.json, whole or not at all. @throws {DocumentError | UsageError} */
export function writeResult(out: string, result: Result): void {
  checkDocument('result', result, 'result.json');
  writeAside('--out', join(out, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
}
