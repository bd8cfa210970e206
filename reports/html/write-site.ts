import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readPlain } from '../files/plain-file.js';
import { badgeFilesIn, badgeFolder } from './badge-files.js';
import { embeddedDocument } from './embed.js';
import type { SiteData } from './site-data.js';
import type { FolderCopy } from './source.js';

/** Returns the site's data as classic scripts, which pages opened from a disk can load. */
export function dataScripts({ index, parts }: SiteData): Record<string, string> {
  const { implementations, ...single } = parts;
  const named = [...Object.entries(single), ...implementations.map((details, i): [string, unknown] => [`implementation-${i}`, details])];
  return {
    'data.js': `window.attentionCtsReport = ${scriptJson(index)};\nwindow.attentionCtsParts = {};\n`,
    ...Object.fromEntries(named.map(([name, part]) => [`data/${name}.js`, `window.attentionCtsParts["${name}"] = ${scriptJson(part)};\n`])),
  };
}

/** Escapes JSON so that it cannot end the script or the line. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Maximum number of bytes of a copied file. */
const mostBytes = 4 * 2 ** 20;
const pageFiles = ['index.html', 'style.css', 'app.js', 'charts.js'];
/** Document beside the site, to embed elsewhere. */
const embeddedFile = 'implementations.json';

/** Writes a site beside a folder, then replaces it. @throws {Error} if that fails. */
export async function writeSite(folder: string, served: string, data: SiteData, copies: readonly FolderCopy[] = []): Promise<void> {
  const aside = join(dirname(folder), `.${basename(folder)}.${process.pid}.new`);
  await rm(aside, { recursive: true, force: true });
  await mkdir(aside, { recursive: true });
  try {
    for (const file of pageFiles) await cp(join(served, file), join(aside, file));
    for (const sub of ['data', badgeFolder]) await mkdir(join(aside, sub));
    const embedded = `${JSON.stringify(embeddedDocument(data), null, 2)}\n`;
    const texts = { ...dataScripts(data), ...badgeFilesIn(data.index), [embeddedFile]: embedded };
    for (const [path, text] of Object.entries(texts)) await writeFile(join(aside, path), text);
    for (const { from, to, names } of copies) {
      await mkdir(join(aside, to), { recursive: true });
      for (const name of names) await writeFile(join(aside, to, name), await readPlain(join(from, name), mostBytes));
    }
    await rm(folder, { recursive: true, force: true });
    await rename(aside, folder);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** Returns true if a folder with these entries is empty or holds a site. */
export function isReplaceable(entries: readonly string[]): boolean {
  const known = [...pageFiles, embeddedFile, badgeFolder, 'data', 'data.js', 'failures'];
  return entries.length === 0 || (entries.includes('data.js') && entries.every((name) => known.includes(name)));
}
