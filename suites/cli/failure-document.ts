import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../lib/usage-error.js';
import { defaults } from './defaults.js';

/** Returns the document in a failure folder, or the document itself. @throws {UsageError} */
export function failureDocument(path: string): string {
  if (!existsSync(path)) throw new UsageError(`no such file or folder: ${path}`);
  if (!statSync(path).isDirectory()) return path;
  const file = join(path, 'failure.json');
  if (existsSync(file)) return file;
  throw new UsageError(`${path} has no failure.json; name the folder of one failure, such as ${defaults.out}/failures/ADAPTER/CHECK`);
}
