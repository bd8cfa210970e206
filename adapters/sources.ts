import { existsSync, statSync } from 'node:fs';
import type { Adapter } from './adapter.js';
import type { IsTaken } from './backends/module/check-adapter.js';
import { filesOfManifest, pythonFileOf } from './kernel-file.js';
import type { LoadOptions } from './load-options.js';

/** Kind of source that needs no TypeScript. */
export interface Kind {
  /** Argument of `--adapter KIND:…` in the help. */
  readonly argument: string;
  readonly what: string;
  /** Loads an adapter, relative to the working folder. @throws {Unavailable | DocumentError} */
  load(argument: string, options: LoadOptions, isTaken: IsTaken): Promise<Adapter>;
}

/** Kinds of sources by prefix. */
export const kinds: Readonly<Record<string, Kind>> = {
  native: {
    argument: './kernel.json',
    what: 'a function of a shared library, described by a manifest',
    load: async (path, { operators }, isTaken) => (await import('./backends/native/manifest.js')).loadNative(path, isTaken, operators),
  },
  wgsl: {
    argument: './kernel.json',
    what: 'a WGSL shader, described by a manifest',
    load: async (path, { operators }, isTaken) => (await import('./backends/wgsl/manifest.js')).loadWgsl(path, isTaken, operators),
  },
  onnx: {
    argument: './model.onnx',
    what: 'an ONNX model, run by ONNX Runtime',
    load: async (path, { operators }, isTaken) => (await import('./backends/onnxruntime/user-model.js')).loadOnnx(path, isTaken, operators),
  },
  process: {
    argument: '"command …"',
    what: 'any program that speaks process protocol 1',
    load: async (...asked) => (await import('./backends/process/index.js')).loadProcess(...asked),
  },
  python: {
    argument: 'file.py:function',
    what: 'a Python function, also package.module:function; --python picks the interpreter',
    load: async (target, options) => (await import('./backends/python/index.js')).loadPython(target, options),
  },
  hub: {
    argument: 'OWNER/KERNEL:function',
    what: 'a kernel of the Hugging Face Hub, loaded by the Python library `kernels`',
    load: async (target, options) => (await import('./backends/python/index.js')).loadHub(target, options),
  },
  mutant: {
    argument: 'heads-tiled',
    what: 'the reference kernel with one deliberate fault; attn-cts power judges all of them',
    load: async (id) => (await import('./controls/mutants/named.js')).mutantNamed(id),
  },
};

/** Splits `kind:argument`; returns undefined if the prefix is not a kind. */
export function kindOf(source: string): { readonly kind: string; readonly argument: string } | undefined {
  const [, kind, argument] = /^([a-z]+):(.+)$/s.exec(source) ?? [];
  return kind !== undefined && Object.hasOwn(kinds, kind) ? { kind, argument } : undefined;
}

/** Returns the user's files of a source, with the files that a manifest names. */
export function filesOfSource(source: string): string[] {
  const argument = kindOf(source)?.argument ?? source;
  const path = pythonFileOf(argument) ?? argument;
  return existsSync(path) && statSync(path).isFile() ? [path, ...filesOfManifest(path)] : [];
}
