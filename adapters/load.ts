import type { Adapter } from './adapter.js';
import { builtIns, isBuiltIn } from './registry.js';
import { kindOf, kinds, type LoadOptions } from './sources.js';
import { UnknownAdapter } from './unknown-adapter.js';

export { isBuiltIn } from './registry.js';
export type { LoadOptions } from './sources.js';

/**
 * Holds that `--adapter SOURCE` is a built-in id, a kind with its argument, or a path, before anything is loaded.
 * @throws {UnknownAdapter} naming the nearest ids.
 */
export function checkSource(source: string): void {
  if (!isBuiltIn(source) && !isModulePath(source) && !kindOf(source))
    throw new UnknownAdapter(source, [...Object.keys(builtIns), ...Object.keys(kinds).map((kind) => `${kind}:`)]);
}

/**
 * The adapter that `--adapter SOURCE` names: a built-in id, `native:`, `wgsl:`, `onnx:`, `process:` or `python:` with its argument, or the path
 * of a module that exports one.
 * @throws {UnknownAdapter} where it is none of them. @throws {DocumentError} where the module or manifest does not hold an adapter.
 * @throws {Unavailable} where what it names is not there or does not start.
 */
export async function loadAdapter(source: string, options: LoadOptions = {}): Promise<Adapter> {
  checkSource(source);
  if (isBuiltIn(source)) return builtIns[source].load(options);
  const own = kindOf(source);
  if (own) return kinds[own.kind].load(own.argument, options);
  const { loadModuleAdapter } = await import('./backends/module/load-module.js');
  return loadModuleAdapter(source);
}

/** A path with a folder in it, or with the ending of a module. A prefix such as `python:` makes it something else. */
export function isModulePath(source: string): boolean {
  return /^(\.{0,2}[\\/]|[a-zA-Z]:[\\/])/.test(source) || (/\.[cm]?[jt]s$/.test(source) && !/^[a-z]+:/.test(source));
}
