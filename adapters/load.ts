import { nearestNames } from '../spec/lib/nearest.js';
import type { Adapter } from './adapter.js';
import { kernelFile } from './kernel-file.js';
import type { LoadOptions } from './load-options.js';
import { builtIn, builtIns, isBuiltIn } from './registry.js';
import { kindOf, kinds } from './sources.js';

export type { LoadOptions } from './load-options.js';
export { isBuiltIn } from './registry.js';

/** Checks SOURCE of `--adapter` before loading. @throws {UnknownAdapter} @throws {DocumentError} */
export function checkSource(source: string): void {
  if (!isBuiltIn(source) && !kindOf(source) && !kernelFile(source) && !isModulePath(source))
    throw new UnknownAdapter(source, [...Object.keys(builtIns), ...Object.keys(kinds).map((kind) => `${kind}:`)]);
}

/**
 * Loads a built-in id, a kind (`python:` etc.) with its argument, or a path of a module or kernel.
 * @throws {UnknownAdapter}
 * @throws {DocumentError} if the module or manifest is invalid.
 * @throws {Unavailable} if the source is missing or does not start.
 */
export async function loadAdapter(source: string, options: LoadOptions = {}): Promise<Adapter> {
  checkSource(source);
  const known = builtIn(source);
  if (known) return known.load(options);
  const own = kindOf(source) ?? kernelFile(source);
  if (own) return kinds[own.kind].load(own.argument, options, isBuiltIn);
  const { loadModuleAdapter } = await import('./backends/module/load-module.js');
  return loadModuleAdapter(source, isBuiltIn);
}

/** Usage error: `--adapter` names neither a built-in adapter nor a file. */
export class UnknownAdapter extends Error {
  override readonly name = 'UnknownAdapter';
  constructor(source: string, known: Iterable<string>) {
    super(
      `unknown adapter "${source}"; ${nearestNames(source, known)}; name your own file by its path, such as kernel.py, kernel.wgsl or ./kernel.ts`,
    );
  }
}

/** Returns true for a path with a folder or a module's ending, without a kind. */
function isModulePath(source: string): boolean {
  return /^(\.{0,2}[\\/]|[a-zA-Z]:[\\/])/.test(source) || (/\.[cm]?[jt]s$/.test(source) && !/^[a-z]+:/.test(source));
}
