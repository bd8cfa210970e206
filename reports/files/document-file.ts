import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { DocumentError } from '../../spec/lib/documents.js';
import { parseJson } from '../../spec/lib/json.js';
import { isSystemError, systemProblem } from '../../spec/lib/system-error.js';

/**
 * The text of a document on this machine.
 * @param limit bytes. @param name what such a file is called.
 * @throws {DocumentError} where there is no such file, it cannot be opened, or is too large.
 */
export async function readText(file: string, limit: number, name: string): Promise<string> {
  const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch((error: NodeJS.ErrnoException) => {
    throw new DocumentError(file, '$', error.code === 'ENOENT' ? 'there is no such file' : `cannot be opened: ${refusalOf(error)}`);
  });
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw new DocumentError(file, '$', `this is not a file; name the ${name} in it`);
    if (found.size > limit) throw new DocumentError(file, '$', `found ${found.size} bytes, allowed: ${limit}`);
    return await handle.readFile('utf8').catch((error: Error) => {
      throw new DocumentError(file, '$', `cannot be read: ${refusalOf(error)}`);
    });
  } finally {
    await handle.close();
  }
}

/**
 * Parses a document that has a format. The format comes before the schema, which would call another format's keys unknown; and
 * a torn end is told as what it is.
 * @throws {DocumentError}
 */
export function parseFormat(text: string, document: string): unknown {
  const value = parseJson(text, document, 'this is not JSON, or its end is missing');
  const format = (value as { format?: unknown } | null)?.format;
  if (typeof format === 'number' && format !== 1) {
    throw new DocumentError(document, '$.format', `found ${format}, this version of attention-cts reads 1: use the version that wrote it`);
  }
  return value;
}

/** Returns what was refused, without the path, which stands in front. */
function refusalOf(error: Error): string {
  return isSystemError(error) ? systemProblem(error) : error.message;
}

/** The ids of a document's adapters. @throws {DocumentError} where one is there twice. */
export function requireIds(adapters: readonly { readonly id: string }[], document: string): Set<string> {
  const ids = new Set<string>();
  for (const [i, { id }] of adapters.entries()) {
    if (ids.has(id)) throw new DocumentError(document, `$.adapters[${i}].id`, `found ${JSON.stringify(id)} twice`);
    ids.add(id);
  }
  return ids;
}
