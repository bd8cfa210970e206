import { lstat, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DocumentError } from '../../spec/lib/documents.js';
import { pathFault } from '../text/path-fault.js';
import { readPlain } from './plain-file.js';

/** Tensors that a failure folder may hold, each as NAME.safetensors. */
export const tensorFiles = ['inputs', 'expected', 'actual', 'bound'] as const;

const knownFiles = ['failure.json', ...tensorFiles.map((name) => `${name}.safetensors`)];

/** Maximum number of bytes of a copied file. */
const mostBytes = 2 ** 30;

/** Finds a failure's folder beside the document, following no links. @throws {DocumentError} */
export async function openFailureFolder(file: string, folder: string): Promise<string> {
  const refuse = refusalOf(file, folder);
  const fault = pathFault(folder);
  if (fault !== undefined) throw refuse(fault);
  let at = dirname(file);
  for (const part of folder.split('/')) {
    at = join(at, part);
    const found = await lstat(at).catch(() => undefined);
    if (!found) throw refuse('there is no such folder beside the document');
    if (found.isSymbolicLink()) throw refuse(`"${part}" is a link; copy the folder itself`);
    if (!found.isDirectory()) throw refuse(`"${part}" is not a folder`);
  }
  return at;
}

/**
 * Copies known files of a failure folder; a downloaded document may name any folder.
 * @throws {DocumentError} if the folder is missing, or a part of its path or a file is a link.
 */
export async function copyFailureFolder(from: string, folder: string, to: string): Promise<void> {
  const refuse = refusalOf(from, folder);
  const source = await openFailureFolder(from, folder);
  const target = await makeFailureFolder(to, folder);
  for (const name of knownFiles) {
    const path = join(source, name);
    const found = await lstat(path).catch(() => undefined);
    if (found && !found.isFile()) throw refuse(`"${name}" is a link or not a regular file; copy the file itself`);
    if (found && found.size > mostBytes)
      throw refuse(`"${name}" has ${found.size} bytes, at most ${mostBytes} are copied; leave the file out`);
    const bytes = found && (await readPlain(path, mostBytes));
    // removed first, so that the write follows no link and inherits no mode
    await rm(join(target, name), { force: true });
    if (bytes) await writeFile(join(target, name), bytes, { flag: 'wx' });
  }
}

async function makeFailureFolder(file: string, folder: string): Promise<string> {
  const refuse = refusalOf(file, folder);
  let at = dirname(file);
  await mkdir(at, { recursive: true });
  for (const part of folder.split('/')) {
    at = join(at, part);
    const found = await lstat(at).catch(() => undefined);
    if (!found) await mkdir(at);
    else if (!found.isDirectory()) throw refuse(`"${at}", the destination of the copied failure, is a link or not a folder; remove it`);
  }
  return at;
}

function refusalOf(file: string, folder: string): (problem: string) => DocumentError {
  return (problem) => new DocumentError(file, '$.checks[].failure.folder', `found ${JSON.stringify(folder)}: ${problem}`);
}
