import { dirname, resolve } from 'node:path';
import { parseDocument } from '../../../spec/lib/documents.js';
import type { Adapter } from '../../adapter.js';
import { openLibrary } from '../../system/shared-library.js';
import { checkManifestAdapter, readManifest } from '../manifest/file.js';
import type { KnownOperators } from '../manifest/tensors.js';
import type { IsTaken } from '../module/check-adapter.js';
import { build } from './build.js';
import { checkManifest } from './check-manifest.js';
import { openKernel } from './kernel.js';

/** Loads `native:./kernel.json`, a shared library's manifest. @throws {DocumentError} */
export async function loadNative(path: string, isTaken?: IsTaken, operators?: KnownOperators): Promise<Adapter> {
  return nativeAdapter(readManifest(path, 'native'), resolve(path), path, isTaken, operators);
}

/** Makes an adapter of a manifest's text. @throws {DocumentError} at its first fault. */
export function nativeAdapter(text: string, file: string, document: string, isTaken?: IsTaken, operators?: KnownOperators): Adapter {
  const manifest = parseDocument('nativeManifest', text, document);
  const checked = checkManifest(manifest, document, operators);
  const folder = dirname(file);
  const library = resolve(folder, manifest.library);
  const { adapter, capabilities, build: command, sources } = manifest;
  return checkManifestAdapter(
    {
      ...adapter,
      capabilities,
      async open() {
        if (command !== undefined) await build({ command, folder, library, sources, document: file });
        return openKernel(await openLibrary(library, document), checked);
      },
    },
    document,
    isTaken,
  );
}
