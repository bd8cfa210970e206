import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkDocument } from '../../spec/documents.js';
import type { Result } from '../../spec/types/documents.js';

/** Writes result.json aside and renames it: there is never half a document. @throws {DocumentError} where it breaks its own schema. */
export async function writeResult(out: string, result: Result): Promise<void> {
  checkDocument('result', result, 'result.json');
  await mkdir(out, { recursive: true });
  const path = join(out, 'result.json');
  await writeFile(`${path}.new`, `${JSON.stringify(result, null, 2)}\n`);
  await rename(`${path}.new`, path);
}
