import { dirname } from 'node:path';
import type { CheckResult } from '../../spec/types/documents.js';
import { openFailureFolder } from '../failure-folder.js';
import { readResult } from '../read-result.js';
import { replayLine } from '../replay-line.js';
import { picturesOf } from './pictures/pictures.js';
import { readFailureFolder } from './read-failure-files.js';
import type { FailureFiles, ResultSource } from './source.js';

/** Failures of a result beyond which no pictures are drawn: a kernel that is wrong everywhere is not told better by more. */
const mostPictured = 200;
/** Stands for the kernel in a line where only who ran it knows what `--adapter` named. */
const placeholder = 'YOUR-KERNEL';

/**
 * A result document with what its failure folders hold.
 * @param adapters what `--adapter` named, of kernels that are no built-ins, by id.
 * @throws {DocumentError} for the document. A folder that cannot be read costs its pictures alone, and the site says why.
 */
export async function readSource(file: string, adapters: Readonly<Record<string, string>>): Promise<ResultSource> {
  const result = await readResult(file);
  const failures = new Map<CheckResult, FailureFiles>();
  for (const check of result.checks) {
    if (!check.failure) continue;
    failures.set(check, failures.size < mostPictured ? await filesOf(file, check, adapters) : bareFiles(file, check, adapters));
  }
  return { file, result, failures };
}

async function filesOf(file: string, check: CheckResult, adapters: Readonly<Record<string, string>>): Promise<FailureFiles> {
  const { failure } = check;
  if (failure?.folder === undefined) return { unpictured: 'The result names no folder of this failure.' };
  try {
    const { document, printed, tensors } = await readFailureFolder(await openFailureFolder(file, failure.folder));
    const { inputs = {}, expected, actual, bound } = tensors;
    const pictures = picturesOf(check, failure, inputs, expected && actual && bound && { expected, actual, bound });
    const known = document.adapter.builtIn === true || Object.hasOwn(adapters, check.adapter);
    return {
      ...lineOf(file, check.adapter, failure.folder, known ? adapters : { [check.adapter]: placeholder }),
      ...(pictures.length > 0 ? { pictures } : { unpictured: 'Nothing of this case can be drawn.' }),
      ...(printed && { printed }),
    };
  } catch (error) {
    return { unpictured: `Its folder cannot be read: ${(error as Error).message}` };
  }
}

function bareFiles(file: string, check: CheckResult, adapters: Readonly<Record<string, string>>): FailureFiles {
  const unpictured = `Only the first ${mostPictured} failures of a result are drawn.`;
  const folder = check.failure?.folder;
  return folder === undefined ? { unpictured } : { ...lineOf(file, check.adapter, folder, adapters), unpictured };
}

function lineOf(file: string, adapter: string, folder: string, sources: Readonly<Record<string, string>>): FailureFiles {
  const replay = replayLine(adapter, folder, { colors: false, out: dirname(file), sources });
  return { replay, ...(sources[adapter] === placeholder && { placeholder }) };
}
