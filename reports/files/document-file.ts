import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { DocumentError } from '../../spec/lib/documents.js';
import { parseJson } from '../../spec/lib/json.js';
import { isSystemError, systemProblem } from '../../spec/lib/system-error.js';

/** Reads a document of at most `limit` bytes. @throws {DocumentError} if that fails. */
export async function readText(file: string, limit: number, name: string): Promise<string> {
  const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch((error: NodeJS.ErrnoException) => {
    throw new DocumentError(file, '$', error.code === 'ENOENT' ? 'there is no such file' : `cannot be opened: ${refusalOf(error)}`);
  });
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw new DocumentError(file, '$', `this is not a file; name the ${name} inside the folder`);
    if (found.size > limit) throw new DocumentError(file, '$', `found ${found.size} bytes, allowed: ${limit}`);
    return await handle.readFile('utf8').catch((error: Error) => {
      throw new DocumentError(file, '$', `cannot be read: ${refusalOf(error)}`);
    });
  } finally {
    await handle.close();
  }
}

/** Parses a document, checking its format before the schema. @throws {DocumentError} */
export function parseFormat(text: string, document: string): unknown {
  const value = parseJson(text, document, 'this is not JSON, or the end of the file is missing');
  const format = (value as { format?: unknown } | null)?.format;
  if (typeof format === 'number' && format !== 1) {
    throw new DocumentError(
      document,
      '$.format',
      `found ${format}, but this version of attention-cts reads 1; use the version that wrote the document`,
    );
  }
  return value;
}

/** Returns the problem without the path, which comes first in the message. */
function refusalOf(error: Error): string {
  return isSystemError(error) ? systemProblem(error) : error.message;
}

/** Returns the ids of a document's adapters. @throws {DocumentError} for duplicates. */
export function requireIds(adapters: readonly { readonly id: string }[], document: string): Set<string> {
  const ids = new Set<string>();
  for (const [i, { id }] of adapters.entries()) {
    if (ids.has(id)) throw new DocumentError(document, `$.adapters[${i}].id`, `found ${JSON.stringify(id)} twice`);
    ids.add(id);
  }
  return ids;
}
