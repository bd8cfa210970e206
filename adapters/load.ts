import type { Adapter } from './adapter.js';
import { builtIns, isBuiltIn } from './registry.js';
import { UnknownAdapter } from './unknown-adapter.js';

export { isBuiltIn } from './registry.js';

/**
 * Holds that `--adapter SOURCE` is a built-in id or a path, before anything is loaded.
 * @throws {UnknownAdapter} naming the nearest ids.
 */
export function checkSource(source: string): void {
  if (!isBuiltIn(source) && !isModulePath(source)) throw new UnknownAdapter(source, Object.keys(builtIns));
}

/**
 * The adapter that `--adapter SOURCE` names: a built-in id, or the path of a module that exports one.
 * @throws {UnknownAdapter} where it is neither. @throws {DocumentError} where the module does not hold an adapter.
 */
export async function loadAdapter(source: string): Promise<Adapter> {
  checkSource(source);
  if (isBuiltIn(source)) return builtIns[source].load();
  const { loadModuleAdapter } = await import('./module/load-module.js');
  return loadModuleAdapter(source);
}

/** A path with a folder in it, or with the ending of a module. A prefix such as `python:` makes it something else. */
export function isModulePath(source: string): boolean {
  return /^(\.{0,2}[\\/]|[a-zA-Z]:[\\/])/.test(source) || (/\.[cm]?[jt]s$/.test(source) && !/^[a-z]+:/.test(source));
}
