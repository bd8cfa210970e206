import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dataScript } from './data-script.js';
import type { SiteData } from './site-data.js';

/** Made by `npm run build`. */
const served = fileURLToPath(new URL('./served/', import.meta.url));
const pageFiles = ['index.html', 'style.css', 'app.js'];

/**
 * Writes a site: beside the folder, and then in its place..
 * @throws {Error} where the folder cannot be written.
 */
export async function writeSite(folder: string, data: SiteData): Promise<void> {
  const aside = join(dirname(folder), `.${basename(folder)}.${process.pid}.new`);
  await rm(aside, { recursive: true, force: true });
  await mkdir(aside, { recursive: true });
  try {
    for (const file of pageFiles) await cp(join(served, file), join(aside, file));
    await writeFile(join(aside, 'data.js'), dataScript(data));
    await rm(folder, { recursive: true, force: true });
    await rename(aside, folder);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** Whether a folder may be replaced: it holds a site, or nothing. @param entries names in it. */
export function isReplaceable(entries: readonly string[]): boolean {
  return entries.every((name) => name === 'data.js' || pageFiles.includes(name));
}
