import { checkDocument, DocumentError } from '../../spec/lib/documents.js';
import type { Result } from '../../spec/types/documents.js';
import { parseFormat, readText, requireIds } from './document-file.js';

/** Bytes; a run of 20 adapters × 2,000 checks writes a tenth of it. */
const limit = 256 * 2 ** 20;

/**
 * A result document from disk, whole and held to its schema, or nothing of it.
 * @throws {DocumentError} where there is no such file, it is too large, truncated, of another format, not complete, breaks the schema,
 * names an adapter that it does not have, has a check twice, or holds a path that leaves its folder.
 */
export async function readResult(file: string): Promise<Result> {
  return parseResult(await readText(file, limit, 'result.json'), file);
}

/**
 * The text of a result document.
 * @param document what to call it in the message.
 * @throws {DocumentError}
 */
export function parseResult(text: string, document: string): Result {
  const result = checkDocument('result', parseFormat(text, document), document);
  if (!result.complete) {
    throw new DocumentError(
      document,
      '$.complete',
      'found false, must be true: the run was not finished; npx attention-cts run --resume finishes it',
    );
  }
  requireAdapters(result, document);
  return result;
}

function requireAdapters({ adapters, checks }: Result, document: string): void {
  const ids = requireIds(adapters, document);
  const names = new Set<string>();
  for (const [i, { adapter, id }] of checks.entries()) {
    if (!ids.has(adapter)) {
      throw new DocumentError(document, `$.checks[${i}].adapter`, `found ${JSON.stringify(adapter)}, which is not one of its adapters`);
    }
    const name = `${adapter}::${id}`;
    if (names.has(name)) throw new DocumentError(document, `$.checks[${i}].id`, `found ${JSON.stringify(name)} twice`);
    names.add(name);
  }
}
