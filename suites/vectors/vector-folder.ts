import { existsSync, readdirSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeFolder } from '../../adapters/system/make-folder.js';
import { checkDocument } from '../../spec/lib/documents.js';
import type { Vectors } from '../../spec/types/documents.js';
import { UsageError } from '../lib/usage-error.js';

const index = 'index.json';

/** Folder of vectors that appears whole or not at all. */
export class VectorFolder {
  private readonly aside: string;

  /** @throws {UsageError} if the folder holds other files. */
  constructor(private readonly folder: string) {
    if (existsSync(folder) && !readdirSync(folder).every((name) => [index, 'vectors'].includes(name)))
      throw new UsageError(`--out: "${folder}" holds something else than vectors; name a new folder, or an empty one`);
    this.aside = join(dirname(folder), `.${basename(folder)}.${process.pid}`);
  }

  async write(path: string, bytes: Uint8Array | string): Promise<void> {
    const file = join(this.aside, path);
    makeFolder(dirname(file));
    await writeFile(file, bytes);
  }

  /** Renames the finished folder. @throws {DocumentError} if the index breaks its schema. */
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
