import { lstat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseDocument } from '../../spec/documents.js';
import { decodeSafetensors } from '../../spec/tensor/safetensors.js';
import type { Tensors } from '../../spec/tensor/tensor.js';
import type { Failure } from '../../spec/types/documents.js';
import { tensorFiles } from '../failure-folder.js';
import { readPlain } from '../plain-file.js';

/** Bytes of a file of a failure beyond which it is not read. */
const limit = 4 * 2 ** 20;
/** The end of what a host printed that is shown. */
const printedLimit = 4000;

/** What a failure folder holds, as far as it can be read. */
export interface FailureFolder {
  readonly document: Failure;
  readonly printed?: string;
  /** Of its files that were read. */
  readonly names: readonly string[];
  readonly tensors: Partial<Record<(typeof tensorFiles)[number], Tensors>>;
}

/**
 * @param folder a folder that may be opened (failure-folder.ts).
 * @throws {DocumentError} where failure.json is none. @throws {Error} where a file is missing, a link, too large or no safetensors.
 */
export async function readFailureFolder(folder: string): Promise<FailureFolder> {
  const file = join(folder, 'failure.json');
  const document = parseDocument('failure', (await readPlain(file, limit)).toString('utf8'), file);
  const tensors: FailureFolder['tensors'] = {};
  const names = [basename(file)];
  for (const name of tensorFiles) {
    const path = join(folder, `${name}.safetensors`);
    // a crash leaves no answer behind
    if (!(await exists(path))) continue;
    names.push(basename(path));
    tensors[name] = decodeSafetensors(await readPlain(path, limit)).tensors;
  }
  return { document, ...(document.stderr && { printed: document.stderr.slice(-printedLimit) }), names, tensors };
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}
