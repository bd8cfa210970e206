import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseJson } from '../../spec/lib/json.js';
import type { SpecDocument } from '../../spec/library.js';
import { forFlag, readFoundText } from './files.js';
import { UsageError } from './usage-error.js';

const folders = {
  operators: 'operator',
  masks: 'maskSpec',
  profiles: 'profile',
  schemes: 'scheme',
  clusters: 'cluster',
  lengths: 'lengthDistribution',
} as const;

/**
 * Unchecked documents of `--spec DIR`: DIR/operators/*.json and so on.
 * @throws {UsageError} for a folder without documents. @throws {DocumentError} for malformed JSON.
 */
export function readSpecFolder(folder: string): SpecDocument[] {
  if (!existsSync(folder)) throw new UsageError(`--spec: no such folder: ${folder}`);
  const documents = Object.entries(folders).flatMap(([name, kind]) =>
    jsonFiles(join(folder, name)).map((file) => ({ kind, document: file, value: readJson(file) })),
  );
  if (documents.length === 0) {
    throw new UsageError(
      `--spec: found no documents in "${folder}"; they lie in its folders ${Object.keys(folders).join(', ')}, as *.json`,
    );
  }
  return documents;
}

function jsonFiles(folder: string): string[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return [];
  const names = forFlag('--spec', () => readdirSync(folder)).filter((name) => name.endsWith('.json'));
  return names.sort().map((name) => join(folder, name));
}

function readJson(file: string): unknown {
  return parseJson(readFoundText('--spec', file), file);
}
