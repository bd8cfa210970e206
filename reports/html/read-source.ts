import { dirname, join } from 'node:path';
import type { CheckResult, Layout } from '../../spec/types/documents.js';
import { openFailureFolder } from '../files/failure-folder.js';
import { fileSize } from '../files/plain-file.js';
import { readResult } from '../files/read-result.js';
import { replayLine } from '../text/replay-line.js';
import { picturesOf } from './pictures/pictures.js';
import { readFailureFolder } from './read-failure-files.js';
import { type FailureFiles, type FolderCopy, failureKey, type ResultSource } from './source.js';

/** Number of failures of a result that are drawn; more of them would explain no better a kernel that is wrong everywhere. */
const mostOpened = 200;
/** Largest size of a failure's folder that is copied whole, in bytes; of a larger one the document alone is. */
const mostCopied = 2 * 2 ** 20;
/** Text in place of the kernel in a replay line, if only the person who ran it knows what was passed as `--adapter`. */
const placeholder = 'YOUR-KERNEL';

/** Reason why a failure that was read has no picture. */
const undrawn = 'No tensor of this case can be drawn as a picture.';

export interface SourceOptions {
  /** Values that `--adapter` takes for adapters that are not built in, by adapter id. */
  readonly adapters: Readonly<Record<string, string>>;
  /** True if failure folders are copied into the site. */
  readonly copy: boolean;
  /** Index of the result, which keeps the copies of different results apart. */
  readonly run: number;
}

/**
 * Reads a result document and the failure folders that it names.
 * @throws {DocumentError} if the document is invalid. If a folder cannot be read, only its pictures are missing, and the site says why.
 */
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

/** Reads the folder of a failure, if there is one. @param to path in the site of a copy of the folder. */
async function openFailure(
  file: string,
  check: CheckResult,
  to: string,
  { adapters, copy, drawn }: SourceOptions & { readonly drawn: boolean },
): Promise<{ files: FailureFiles; copy?: FolderCopy }> {
  const { failure } = check;
  if (failure?.folder === undefined) return { files: { unpictured: 'The result names no folder of this failure.' } };
  try {
    const from = await openFailureFolder(file, failure.folder);
    const { document, printed, names, tensors } = await readFailureFolder(from, drawn);
    const { inputs = {}, expected, actual, bound } = tensors;
    // the files of older folders lie as the case does
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
          !whole && { uncopied: `Its tensors are not here: the files have ${bytes} bytes, more than the ${mostCopied} that are copied.` }),
        ...(pictures.length > 0
          ? { pictures }
          : { unpictured: drawn ? undrawn : `Only the first ${mostOpened} failures of a result are drawn.` }),
        ...(printed && { printed }),
      },
      ...(copy && { copy: { from, to, names: copied } }),
    };
  } catch (error) {
    return { files: { unpictured: `Its folder cannot be read: ${(error as Error).message}` } };
  }
}

function lineOf(out: string, folder: string, check: CheckResult, sources: Readonly<Record<string, string>>): FailureFiles {
  const { adapter, id, failure } = check;
  const replay = replayLine(adapter, folder, { colors: false, out, sources }, failure && { id, case: failure.case });
  return { replay, ...(sources[adapter] === placeholder && { placeholder }) };
}
