import { lstat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseDocument } from '../../spec/lib/documents.js';
import { decodeSafetensors } from '../../spec/tensor/safetensors.js';
import type { Tensors } from '../../spec/tensor/tensor.js';
import type { Failure } from '../../spec/types/documents.js';
import { tensorFiles } from '../files/failure-folder.js';
import { readPlain } from '../files/plain-file.js';

/** Maximum number of bytes of a failure's file. */
const limit = 4 * 2 ** 20;
const printedLimit = 4000;

/** Contents of a failure folder. */
export interface FailureFolder {
  readonly document: Failure;
  readonly printed?: string;
  readonly names: readonly string[];
  readonly tensors: Partial<Record<(typeof tensorFiles)[number], Tensors>>;
}

/**
 * Reads a failure folder that may be opened (failure-folder.ts).
 * @throws {DocumentError} if failure.json is invalid.
 * @throws {Error} if failure.json is missing, or a file is a link, too large or malformed.
 */
export async function readFailureFolder(folder: string, withTensors: boolean): Promise<FailureFolder> {
  const file = join(folder, 'failure.json');
  const document = parseDocument('failure', (await readPlain(file, limit)).toString('utf8'), file);
  const tensors: FailureFolder['tensors'] = {};
  const names = [basename(file)];
  for (const name of withTensors ? tensorFiles : []) {
    const path = join(folder, `${name}.safetensors`);
    // a crash leaves no answer
    if (!(await exists(path))) continue;
    names.push(basename(path));
    tensors[name] = decodeSafetensors(await readPlain(path, limit)).tensors;
  }
  return { document, ...(document.stderr && { printed: document.stderr.slice(-printedLimit) }), names, tensors };
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}
