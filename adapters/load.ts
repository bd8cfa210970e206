import { DocumentError } from '../spec/documents.js';
import { nearestNames } from '../spec/expression/nearest.js';
import type { Adapter } from './adapter.js';
import type { LoadOptions } from './load-options.js';
import { builtIns, isBuiltIn } from './registry.js';
import { kindOf, kinds } from './sources.js';

export type { LoadOptions } from './load-options.js';
export { isBuiltIn } from './registry.js';

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
  if (own) {
    const { load, idAt } = kinds[own.kind];
    const adapter = await load(own.argument, options);
    requireOwnId(adapter.id, idAt === undefined ? source : own.argument, idAt);
    return adapter;
  }
  const { loadModuleAdapter } = await import('./backends/module/load-module.js');
  const adapter = await loadModuleAdapter(source);
  requireOwnId(adapter.id, source);
  return adapter;
}

/** Holds that an adapter that is no built-in has an id of its own. @throws {DocumentError} naming the id. */
export function requireOwnId(id: string, document: string, path = '$.id'): void {
  if (isBuiltIn(id)) throw new DocumentError(document, path, `found "${id}", must be another name: this one is a built-in adapter`);
}

/** `--adapter` names neither a built-in nor a file. A usage error. */
export class UnknownAdapter extends Error {
  override readonly name = 'UnknownAdapter';
  constructor(source: string, known: Iterable<string>) {
    super(`unknown adapter "${source}"; ${nearestNames(source, known)}; a file of your own is given by its path, such as ./kernel.ts`);
  }
}

/** A path with a folder in it, or with the ending of a module. A prefix such as `python:` makes it something else. */
function isModulePath(source: string): boolean {
  return /^(\.{0,2}[\\/]|[a-zA-Z]:[\\/])/.test(source) || (/\.[cm]?[jt]s$/.test(source) && !/^[a-z]+:/.test(source));
}
