import { lstat, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DocumentError } from '../../spec/lib/documents.js';
import { pathFault } from '../text/path-fault.js';
import { readPlain } from './plain-file.js';

/** The tensors that a failure folder may hold, each as NAME.safetensors. */
export const tensorFiles = ['inputs', 'expected', 'actual', 'bound'] as const;

/** Every file that a failure folder may hold. */
const knownFiles = ['failure.json', ...tensorFiles.map((name) => `${name}.safetensors`)];

/** Bytes of a file beyond which it is not copied. */
const mostBytes = 2 ** 30;

/**
 * Finds the folder of a failure on this machine. Each step of the way is a folder of its own and no link.
 * @param file the result document.
 * @param folder as `failure.folder` in it.
 * @throws {DocumentError} where the path escapes, meets a link or something that is no folder, or there is nothing.
 */
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
 * Copies a failure folder beside another result document: the known files alone, by their content, each as a new file with the
 * usual mode. A document from a stranger may name any folder of its own, with anything in it.
 * @param from the document that the folder lies beside.
 * @param to the document that it is copied beside.
 * @throws {DocumentError} where there is no such folder, or a file in it or a step of the way is a link or no file.
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
    // removed first: what may lie there is not written through, and keeps no mode
    await rm(join(target, name), { force: true });
    if (bytes) await writeFile(join(target, name), bytes, { flag: 'wx' });
  }
}

/** Makes each step of the way that is missing. */
async function makeFailureFolder(file: string, folder: string): Promise<string> {
  const refuse = refusalOf(file, folder);
  let at = dirname(file);
  await mkdir(at, { recursive: true });
  for (const part of folder.split('/')) {
    at = join(at, part);
    const found = await lstat(at).catch(() => undefined);
    if (!found) await mkdir(at);
    else if (!found.isDirectory()) throw refuse(`"${at}", where the failure is to be copied, is a link or not a folder; remove it`);
  }
  return at;
}

function refusalOf(file: string, folder: string): (problem: string) => DocumentError {
  return (problem) => new DocumentError(file, '$.checks[].failure.folder', `found ${JSON.stringify(folder)}: ${problem}`);
}
