import { nearestNames } from '../spec/lib/nearest.js';
import type { Adapter } from './adapter.js';
import { kernelFile } from './kernel-file.js';
import type { LoadOptions } from './load-options.js';
import { builtIns, isBuiltIn } from './registry.js';
import { kindOf, kinds } from './sources.js';

export type { LoadOptions } from './load-options.js';
export { isBuiltIn } from './registry.js';

/**
 * Holds that `--adapter SOURCE` is a built-in id, a kind with its argument, or a path, before anything is loaded.
 * @throws {UnknownAdapter} naming the nearest ids. @throws {DocumentError} where the file of a kernel or its manifest is not there.
 */
export function checkSource(source: string): void {
  if (!isBuiltIn(source) && !kindOf(source) && !kernelFile(source) && !isModulePath(source))
    throw new UnknownAdapter(source, [...Object.keys(builtIns), ...Object.keys(kinds).map((kind) => `${kind}:`)]);
}

/**
 * The adapter that `--adapter SOURCE` names: a built-in id, `native:`, `wgsl:`, `onnx:`, `process:` or `python:` with its argument, the path
 * of a module that exports one, or of a kernel's file.
 * @throws {UnknownAdapter} where it is none of them. @throws {DocumentError} where the module or manifest does not hold an adapter.
 * @throws {Unavailable} where what it names is not there or does not start.
 */
export async function loadAdapter(source: string, options: LoadOptions = {}): Promise<Adapter> {
  checkSource(source);
  if (isBuiltIn(source)) return builtIns[source].load(options);
  const own = kindOf(source) ?? kernelFile(source);
  if (own) return kinds[own.kind].load(own.argument, options, isBuiltIn);
  const { loadModuleAdapter } = await import('./backends/module/load-module.js');
  return loadModuleAdapter(source, isBuiltIn);
}

/** `--adapter` names neither a built-in nor a file. A usage error. */
export class UnknownAdapter extends Error {
  override readonly name = 'UnknownAdapter';
  constructor(source: string, known: Iterable<string>) {
    super(
      `unknown adapter "${source}"; ${nearestNames(source, known)}; a file of your own is given by its path, such as kernel.py, kernel.wgsl or ./kernel.ts`,
    );
  }
}

/** A path with a folder in it, or with the ending of a module. A prefix such as `python:` makes it something else. */
function isModulePath(source: string): boolean {
  return /^(\.{0,2}[\\/]|[a-zA-Z]:[\\/])/.test(source) || (/\.[cm]?[jt]s$/.test(source) && !/^[a-z]+:/.test(source));
}
