import { existsSync, readdirSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeFolder } from '../../adapters/system/make-folder.js';
import { checkDocument } from '../../spec/lib/documents.js';
import type { Vectors } from '../../spec/types/documents.js';
import { UsageError } from '../lib/usage-error.js';

const index = 'index.json';

/** A folder of vectors, written aside: it appears whole, or not at all. */
export class VectorFolder {
  private readonly aside: string;

  /** @throws {UsageError} where there is something else in the folder. */
  constructor(private readonly folder: string) {
    // replaced whole: nothing else may be in it
    if (existsSync(folder) && !readdirSync(folder).every((name) => [index, 'vectors'].includes(name)))
      throw new UsageError(`--out: "${folder}" holds something else than vectors; name a new folder, or an empty one`);
    this.aside = join(dirname(folder), `.${basename(folder)}.${process.pid}`);
  }

  async write(path: string, bytes: Uint8Array | string): Promise<void> {
    const file = join(this.aside, path);
    makeFolder(dirname(file));
    await writeFile(file, bytes);
  }

  /** Puts it in its place. @throws {DocumentError} where the index breaks its own schema. */
  async finish(vectors: Vectors): Promise<void> {
    checkDocument('vectors', vectors, index);
    await this.write(index, `${JSON.stringify(vectors, null, 2)}\n`);
    await rm(this.folder, { recursive: true, force: true });
    makeFolder(dirname(this.folder));
    await rename(this.aside, this.folder);
  }

  async discard(): Promise<void> {
    await rm(this.aside, { recursive: true, force: true });
  }
}
