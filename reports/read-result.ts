import { open } from 'node:fs/promises';
import { DocumentError, parseDocument } from '../spec/documents.js';
import type { Result } from '../spec/types/documents.js';
import { pathFault } from './path-fault.js';

/** Bytes; a run of 20 adapters × 2,000 checks writes a tenth of it. */
const limit = 256 * 2 ** 20;

/**
 * A result document from disk, whole and held to its schema, or nothing of it.
 * @throws {DocumentError} where there is no such file, it is too large, truncated, of another format, not complete, breaks the schema,
 * names an adapter that it does not have, has a check twice, or holds a path that leaves its folder.
 */
export async function readResult(file: string): Promise<Result> {
  return parseResult(await readText(file), file);
}

/**
 * The text of a result document.
 * @param document what to call it in the message.
 * @throws {DocumentError}
 */
export function parseResult(text: string, document: string): Result {
  requireFormat(text, document);
  const result = parseDocument('result', text, document);
  if (!result.complete) {
    throw new DocumentError(
      document,
      '$.complete',
      'found false, must be true: the run was not finished; attn-cts run --resume finishes it',
    );
  }
  requireAdapters(result, document);
  requirePaths(result, document);
  return result;
}

async function readText(file: string): Promise<string> {
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    throw new DocumentError(file, '$', error.code === 'ENOENT' ? 'there is no such file' : `cannot be opened: ${error.message}`);
  });
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw new DocumentError(file, '$', 'this is no file; name the result.json in it');
    if (found.size > limit) throw new DocumentError(file, '$', `found ${found.size} bytes, allowed: ${limit}`);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

/** Before the schema, which would call another format's keys unknown; and a torn end is told as what it is. */
function requireFormat(text: string, document: string): void {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new DocumentError(document, '$', `this is not JSON, or its end is missing: ${(error as Error).message}`);
  }
  const format = (value as { format?: unknown } | null)?.format;
  if (typeof format === 'number' && format !== 1) {
    throw new DocumentError(document, '$.format', `found ${format}, this version of attention-cts reads 1: use the version that wrote it`);
  }
}

function requireAdapters({ adapters, checks }: Result, document: string): void {
  const ids = new Set<string>();
  for (const [i, { id }] of adapters.entries()) {
    if (ids.has(id)) throw new DocumentError(document, `$.adapters[${i}].id`, `found ${JSON.stringify(id)} twice`);
    ids.add(id);
  }
  const names = new Set<string>();
  for (const [i, { adapter, id }] of checks.entries()) {
    if (!ids.has(adapter)) {
      throw new DocumentError(document, `$.checks[${i}].adapter`, `found ${JSON.stringify(adapter)}, which is none of its adapters`);
    }
    const name = `${adapter}::${id}`;
    if (names.has(name)) throw new DocumentError(document, `$.checks[${i}].id`, `found ${JSON.stringify(name)} twice`);
    names.add(name);
  }
}

function requirePaths({ checks }: Result, document: string): void {
  for (const [i, { failure }] of checks.entries()) {
    const fault = failure?.folder === undefined ? undefined : pathFault(failure.folder);
    if (fault !== undefined) {
      throw new DocumentError(document, `$.checks[${i}].failure.folder`, `found ${JSON.stringify(failure?.folder)}: ${fault}`);
    }
  }
}
