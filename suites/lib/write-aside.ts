import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../../adapters/system/make-folder.js';
import { isSystemError } from '../../spec/lib/system-error.js';
import { forFlag } from './files.js';

/** Writes a file whole or not at all; a device or pipe directly. @throws {UsageError} */
export function writeAside(flag: string, file: string, text: string): void {
  forFlag(flag, () => {
    try {
      makeFolder(dirname(file));
      const found = statSync(file, { throwIfNoEntry: false });
      if (found && !found.isFile() && !found.isDirectory()) writeFileSync(file, text);
      else replace(file, text);
    } catch (error) {
      throw isSystemError(error) ? Object.assign(error, { path: file }) : error;
    }
  });
}

function replace(file: string, text: string): void {
  const aside = `${file}.new`;
  try {
    writeFileSync(aside, text);
    renameSync(aside, file);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}
