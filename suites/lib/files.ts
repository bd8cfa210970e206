import { accessSync, closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { writeParts } from '../../adapters/backends/process/files.js';
import { makeFolder } from '../../adapters/system/make-folder.js';
import { describeSystemError, isSystemError } from '../../spec/lib/system-error.js';
import { UsageError } from './usage-error.js';

/** Runs file access for a flag. @throws {UsageError} naming flag and path on a system error. */
export function forFlag<T>(flag: string, work: () => T): T {
  try {
    const result = work();
    return result instanceof Promise ? (result.catch((error: unknown) => rethrow(flag, error)) as T) : result;
  } catch (error) {
    return rethrow(flag, error);
  }
}

function rethrow(flag: string, error: unknown): never {
  throw isSystemError(error) ? new UsageError(`${flag}: ${describeSystemError(error)}`) : error;
}

/** Most bytes of a document: /dev/zero has no end. */
const mostBytes = 2 ** 28;

/** Reads the document that a flag names. @throws {UsageError} if unreadable or too large. */
export function readTextFor(flag: string, file: string): string {
  return forFlag(flag, () => {
    const fd = openSync(file, 'r');
    try {
      const { size } = fstatSync(fd);
      const chunks: Buffer[] = [];
      for (let length = 0; ; ) {
        const chunk = Buffer.allocUnsafe(Math.max(2 ** 16, Math.min(size - length + 1, mostBytes)));
        // reading a folder fails without its path
        const got = naming(file, () => readSync(fd, chunk));
        if (got === 0) return Buffer.concat(chunks).toString('utf8');
        length += got;
        if (length > mostBytes) throw new UsageError(`${flag}: ${file}: has more than ${mostBytes} bytes; name a document`);
        chunks.push(chunk.subarray(0, got));
      }
    } finally {
      closeSync(fd);
    }
  });
}

/** Reads a document found in a flag's folder. @throws {UsageError} for a pipe, or if unreadable. */
export function readFoundText(flag: string, file: string): string {
  const found = forFlag(flag, () => statSync(file));
  if (!found.isFile() && !found.isDirectory()) throw new UsageError(`${flag}: ${file}: not a regular file; remove it from the folder`);
  return readTextFor(flag, file);
}

/** Writes a flag's file and its folder. @throws {UsageError} if it cannot. */
export function writeFor(flag: string, file: string, text: string | Uint8Array): void {
  writePartsFor(flag, file, [typeof text === 'string' ? Buffer.from(text) : text]);
}

/** `writeFor` for parts that are larger together than one array. */
export function writePartsFor(flag: string, file: string, parts: readonly Uint8Array[]): void {
  forFlag(flag, () => {
    makeFolder(dirname(file));
    const fd = openSync(file, 'w');
    try {
      naming(file, () => writeParts(fd, parts));
    } finally {
      closeSync(fd);
    }
  });
}

/** Adds the path to errors of reads and writes, which lack it. */
export function naming<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw isSystemError(error) && error.path === undefined ? Object.assign(error, { path }) : error;
  }
}

/** Tests that a folder can be written or made, without making it. @throws {UsageError} */
export function requireFolder(flag: string, folder: string): void {
  forFlag(flag, () => {
    for (let at = resolve(folder); ; at = dirname(at)) {
      const found = statOf(at);
      if (!found && at !== dirname(at)) continue;
      if (!found?.isDirectory()) throw new UsageError(`${flag}: ${at}: this is a file; name a folder`);
      accessSync(at, constants.W_OK | constants.X_OK);
      return;
    }
  });
}

/** Tests that a file can be written. @throws {UsageError} */
export function requireFile(flag: string, file: string): void {
  const found = forFlag(flag, () => statOf(file));
  if (found?.isDirectory()) throw new UsageError(`${flag}: ${file}: this is a folder; name a file`);
  if (found) forFlag(flag, () => accessSync(file, constants.W_OK));
  else requireFolder(flag, dirname(file));
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    if (isSystemError(error) && ['ENOENT', 'ENOTDIR'].includes(error.code)) return undefined;
    throw error;
  }
}
