import { checkDocument, DocumentError } from '../../spec/lib/documents.js';
import type { Bench } from '../../spec/types/documents.js';
import { problemKey } from '../result/timing-names.js';
import { parseFormat, readText, requireIds } from './document-file.js';

/** Bytes, ten times the largest preset over 20 adapters. */
const limit = 64 * 2 ** 20;

/** Reads a bench document. @throws {DocumentError} if it is missing, incomplete or invalid. */
export async function readBench(file: string): Promise<Bench> {
  return parseBench(await readText(file, limit, 'bench.json'), file);
}

/** Parses a bench document. @param document name in messages. @throws {DocumentError} */
export function parseBench(text: string, document: string): Bench {
  const bench = checkDocument('bench', parseFormat(text, document), document);
  if (!bench.complete) {
    throw new DocumentError(
      document,
      '$.complete',
      'found false, must be true: the run was not finished; run npx attention-cts bench again',
    );
  }
  const ids = requireIds(bench.adapters, document);
  const seen = new Set<string>();
  for (const [i, timing] of bench.timings.entries()) {
    const { adapter, verdict, latency } = timing;
    const refuse = (key: string, problem: string) => new DocumentError(document, `$.timings[${i}].${key}`, problem);
    if (!ids.has(adapter)) throw refuse('adapter', `found ${JSON.stringify(adapter)}, must be the id of an entry of "adapters"`);
    if ((verdict === 'timed') !== (latency !== undefined)) {
      throw refuse(
        'latency',
        latency ? `must be absent, because the verdict is ${verdict}` : 'must be present, because the verdict is timed',
      );
    }
    const key = JSON.stringify([adapter, problemKey(timing)]);
    if (seen.has(key)) throw refuse('case', `${JSON.stringify(adapter)} is timed twice on the same problem and pass`);
    seen.add(key);
  }
  return bench;
}
