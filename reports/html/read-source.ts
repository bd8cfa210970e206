import { lstat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { parseDocument } from '../../spec/lib/documents.js';
import { decodeSafetensors } from '../../spec/tensor/safetensors.js';
import type { Tensors } from '../../spec/tensor/tensor.js';
import type { CheckResult, Failure, Layout } from '../../spec/types/documents.js';
import { openFailureFolder, tensorFiles } from '../files/failure-folder.js';
import { fileSize, readPlain } from '../files/plain-file.js';
import { readResult } from '../files/read-result.js';
import { replayLine } from '../text/replay-line.js';
import { picturesOf } from './pictures/pictures.js';
import { type FailureFiles, type FolderCopy, failureKey, type ResultSource } from './source.js';

/** Maximum number of bytes of a failure's file. */
const limit = 4 * 2 ** 20;
const printedLimit = 4000;

/** Contents of a failure folder. */
interface FailureFolder {
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
async function readFailureFolder(folder: string, withTensors: boolean): Promise<FailureFolder> {
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

const mostOpened = 200;
/** Maximum number of bytes of a failure's folder to copy its tensors too. */
const mostCopied = 2 * 2 ** 20;
/** Placeholder in a replay line for an unknown value of `--adapter`. */
const placeholder = 'YOUR-KERNEL';

const undrawn = 'No tensor of this case can be drawn as a picture.';

export interface SourceOptions {
  /** Values of `--adapter` by adapter id, for adapters that are not built in. */
  readonly adapters: Readonly<Record<string, string>>;
  readonly copy: boolean;
  /** Index of the result, to separate the copies of different results. */
  readonly run: number;
}

/** Reads a result and its readable failure folders. @throws {DocumentError} if it is invalid. */
export async function readSource(file: string, options: SourceOptions): Promise<ResultSource> {
  const result = await readResult(file);
  const failures = new Map<string, FailureFiles>();
  const copies: FolderCopy[] = [];
  for (const check of result.checks) {
    if (!check.failure) continue;
    const at = failures.size;
    const { files, copy } = await openFailure(file, check, `failures/${options.run}-${at}`, { ...options, drawn: at < mostOpened });
    failures.set(failureKey(check), files);
    if (copy) copies.push(copy);
  }
  return { file, result, failures, copies };
}

async function openFailure(
  file: string,
  check: CheckResult,
  to: string,
  { adapters, copy, drawn }: SourceOptions & { readonly drawn: boolean },
): Promise<{ files: FailureFiles; copy?: FolderCopy }> {
  const { failure } = check;
  if (failure?.folder === undefined) return { files: { unpictured: 'The result names no folder for this failure.' } };
  try {
    const from = await openFailureFolder(file, failure.folder);
    const { document, printed, names, tensors } = await readFailureFolder(from, drawn);
    const { inputs = {}, expected, actual, bound } = tensors;
    // the files of older folders have the case's layout
    const layout: Layout = failure.case.layout === 'thd' ? 'thd' : (document.layout ?? failure.case.layout);
    const laid = { ...failure, case: { ...failure.case, layout } };
    const pictures = drawn ? picturesOf(check, laid, inputs, expected && actual && bound && { expected, actual, bound }) : [];
    const known = document.adapter.builtIn === true || Object.hasOwn(adapters, check.adapter);
    const sources = known ? adapters : { [check.adapter]: placeholder };
    const bytes = (await Promise.all(names.map((name) => fileSize(join(from, name))))).reduce((sum, size) => sum + size, 0);
    const whole = bytes <= mostCopied;
    const copied = whole ? names : names.slice(0, 1);
    return {
      files: {
        ...(copy ? lineOf('.', to, check, sources) : lineOf(dirname(file), failure.folder, check, sources)),
        ...(copy && { files: { folder: to, names: copied } }),
        ...(copy &&
          !whole && { uncopied: `The tensors of this failure are left out: ${bytes} bytes, and at most ${mostCopied} are copied.` }),
        ...(pictures.length > 0
          ? { pictures }
          : { unpictured: drawn ? undrawn : `Only the first ${mostOpened} failures of a result are drawn.` }),
        ...(printed && { printed }),
      },
      ...(copy && { copy: { from, to, names: copied } }),
    };
  } catch (error) {
    return { files: { unpictured: `The folder of this failure cannot be read: ${(error as Error).message}` } };
  }
}

function lineOf(out: string, folder: string, check: CheckResult, sources: Readonly<Record<string, string>>): FailureFiles {
  const { adapter, id, failure } = check;
  const replay = replayLine(adapter, folder, { colors: false, out, sources }, failure && { id, case: failure.case });
  return { replay, ...(sources[adapter] === placeholder && { placeholder }) };
}
