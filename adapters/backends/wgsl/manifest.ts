/// <reference types="@webgpu/types" />
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { parseDocument } from '../../../spec/lib/documents.js';
import type { DType, WgslManifest, WgslProgram } from '../../../spec/types/documents.js';
import type { Adapter } from '../../adapter.js';
import { Unavailable } from '../../kernel.js';
import { checkManifestAdapter, readManifest } from '../manifest/file.js';
import { claimedOperators, type KnownOperators } from '../manifest/tensors.js';
import type { IsTaken } from '../module/check-adapter.js';
import { openDawn, openDevice } from '../webgpu/dawn.js';
import { checkManifest } from './check.js';
import { openManifestKernel } from './kernel.js';
import type { Source } from './program.js';

/** Features to enable; strings, because older type packages lack 'subgroups'. */
const features: readonly string[] = ['shader-f16', 'subgroups'];

/** Parses a manifest. @throws {DocumentError} at the first fault. */
export function parseManifest(text: string, document: string, operators?: KnownOperators): WgslManifest {
  const manifest = parseDocument('wgslManifest', text, document);
  checkManifest(manifest, document, operators);
  return manifest;
}

/**
 * Loads a manifest's adapter, run on Dawn.
 * @throws {DocumentError} if the manifest is malformed or missing.
 * @throws {Unavailable} if a WGSL file is missing.
 */
export async function loadWgsl(path: string, isTaken?: IsTaken, known?: KnownOperators): Promise<Adapter> {
  const manifest = parseManifest(readManifest(path, 'wgsl'), path, known);
  const forward = { program: manifest, sources: readSources(manifest, manifest, path) };
  const backward = manifest.backward && { program: manifest.backward, sources: readSources(manifest, manifest.backward, path) };
  const capabilities = { device: 'webgpu', ...manifest.capabilities };
  const operators = claimedOperators(capabilities, known);
  const open = async () => {
    const { adapter, environment } = await openDawn();
    const device = await openDevice(adapter, features as GPUFeatureName[]);
    return openManifestKernel(device, { manifest: path, capabilities, operators, forward, backward, environment });
  };
  return checkManifestAdapter({ ...manifest.adapter, capabilities, open }, path, isTaken);
}

function readSources({ capabilities }: WgslManifest, { file }: Pick<WgslProgram, 'file'>, manifest: string): Map<DType, Source> {
  return new Map(
    capabilities.dtypes.map((dtype) => {
      const named = typeof file === 'string' ? file : (file[dtype as keyof typeof file] as string);
      const path = relative('.', resolve(dirname(manifest), named));
      return [dtype, { path, code: readText(path, `${manifest} names it as "file": correct the name, or create the file`) }];
    }),
  );
}

function readText(path: string, remedy: string): string {
  if (!existsSync(path) || !statSync(path).isFile()) throw new Unavailable(`no such file: ${path}`, remedy);
  return readFileSync(path, 'utf8');
}
