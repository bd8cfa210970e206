import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WgslManifest } from '../../../../spec/types/documents.js';

const kernels = fileURLToPath(new URL('kernels', import.meta.url));
const files = ['general', 'general-backward'];

/**
 * A copy of the kernel that uses all that a manifest can say.
 * @param halves true if it claims f16 beside f32, which needs a device with shader-f16. @returns its folder; the caller removes it.
 */
export function writeGeneral(halves = true): string {
  const folder = mkdtempSync(join(tmpdir(), 'attention-cts-wgsl-'));
  cpSync(kernels, folder, { recursive: true });
  for (const file of files) {
    const code = readFileSync(join(folder, `${file}.wgsl`), 'utf8').replace('alias T = f32;', 'alias T = f16;');
    writeFileSync(join(folder, `${file}-f16.wgsl`), `enable f16;\n${code}`);
  }
  writeFileSync(join(folder, 'general.json'), manifestText(halves));
  return folder;
}

export function removeGeneral(folder: string): void {
  rmSync(folder, { recursive: true });
}

/** The manifest of that kernel. */
export function generalManifest(halves = true): WgslManifest {
  return JSON.parse(manifestText(halves));
}

function manifestText(halves: boolean): string {
  const text = readFileSync(join(kernels, 'general.json'), 'utf8');
  return halves ? text : text.replaceAll(/,\s*"f16": "[^"]*"/g, '').replace('["f32", "f16"]', '["f32"]');
}

/** Changes one of a kernel's files. @throws {Error} where the text is not in it. */
export function edit(folder: string, file: string, from: string, to: string): void {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} has no "${from}"`);
  writeFileSync(path, text.replace(from, to));
}
