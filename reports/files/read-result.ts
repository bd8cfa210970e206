import { checkDocument, DocumentError } from '../../spec/lib/documents.js';
import type { Result } from '../../spec/types/documents.js';
import { parseFormat, readText, requireIds } from './document-file.js';

/** Bytes, ten times a run of 20 adapters × 2,000 checks. */
const limit = 256 * 2 ** 20;

/** Reads a result document. @throws {DocumentError} if it is missing, incomplete or invalid. */
export async function readResult(file: string): Promise<Result> {
  return parseResult(await readText(file, limit, 'result.json'), file);
}

/** Parses a result document. @param document name in messages. @throws {DocumentError} */
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
      throw new DocumentError(
        document,
        `$.checks[${i}].adapter`,
        `found ${JSON.stringify(adapter)}, must be the id of an entry of "adapters"`,
      );
    }
    const name = `${adapter}::${id}`;
    if (names.has(name)) throw new DocumentError(document, `$.checks[${i}].id`, `found ${JSON.stringify(name)} twice`);
    names.add(name);
  }
}
