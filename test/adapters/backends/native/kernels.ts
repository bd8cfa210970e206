import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { NativeManifest } from '../../../../spec/types/documents.js';
import { program } from '../../../backend.js';

export const compiler = program('g++', 'apt install g++');

/** The path of one of test/kernels/native. */
export function sourceOf(name: string): string {
  return fileURLToPath(new URL(`../../../kernels/native/${name}.cpp`, import.meta.url));
}

/** An empty folder, gone after the test. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'attention-cts-native-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The manifest of one of test/kernels/native, that builds it. Small claims leave a failure little to shrink. */
export function manifestOf(name: string, changes: Partial<NativeManifest> = {}): NativeManifest {
  return {
    adapter: { id: name, title: `Test kernel ${name}`, version: '1.0.0' },
    library: 'kernel.so',
    build: `g++ -std=c++17 -shared -fPIC -o kernel.so '${sourceOf(name)}'`,
    symbol: 'kernel',
    arguments: {
      q: 'const float *',
      k: 'const float *',
      v: 'const float *',
      rows: { type: 'int32_t', value: ['*', 'b', 'hk', 'm'] },
      m: 'int32_t',
      n: 'int32_t',
      d: 'int32_t',
      e: 'int32_t',
      causal: { type: 'int32_t', value: 'is_causal' },
      offset: 'int32_t',
      scale: 'float',
      o: 'float *',
      lse: 'float *',
    },
    capabilities: {
      dtypes: ['f32'],
      operators: ['softmax'],
      masks: ['full', 'causal'],
      options: ['scale'],
      outputs: ['o', 'lse'],
      limits: { b: [1], hk: [1], g: [1], m: [1, 19, 20], n: [1, 19, 20], d: [4], e: [4] },
    },
    ...changes,
  };
}

/** Written to a folder of its own. @returns its path. */
export function writeManifest(manifest: unknown, folder = scratch()): string {
  const file = join(folder, 'kernel.json');
  writeFileSync(file, JSON.stringify(manifest, null, 2));
  return file;
}
