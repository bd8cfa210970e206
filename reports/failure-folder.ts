import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DocumentError } from '../spec/documents.js';
import { pathFault } from './path-fault.js';

/**
 * Where the folder of a failure lies on this machine, each step of the way a folder of its own and no link.
 * @param file the result document.
 * @param folder as `failure.folder` in it.
 * @throws {DocumentError} where the path escapes, meets a link or something that is no folder, or there is nothing.
 */
export async function openFailureFolder(file: string, folder: string): Promise<string> {
  const refuse = (problem: string) => new DocumentError(file, '$.checks[].failure.folder', `found ${JSON.stringify(folder)}: ${problem}`);
  const fault = pathFault(folder);
  if (fault !== undefined) throw refuse(fault);
  let at = dirname(file);
  for (const part of folder.split('/')) {
    at = join(at, part);
    const found = await lstat(at).catch(() => undefined);
    if (!found) throw refuse('there is no such folder beside the document');
    if (found.isSymbolicLink()) throw refuse(`"${part}" is a link; copy the folder itself`);
    if (!found.isDirectory()) throw refuse(`"${part}" is no folder`);
  }
  return at;
}
