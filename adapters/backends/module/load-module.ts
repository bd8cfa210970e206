import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { DocumentError } from '../../../spec/lib/documents.js';
import type { Adapter } from '../../adapter.js';
import { importModule } from '../../system/import-module.js';
import { checkAdapter, type IsTaken } from './check-adapter.js';

/** Loads a module's default or only adapter, compiling TypeScript. @throws {DocumentError} */
export async function loadModuleAdapter(source: string, isTaken?: IsTaken): Promise<Adapter> {
  const file = resolve(source);
  if (!existsSync(file) || !statSync(file).isFile())
    throw new DocumentError(source, '$', 'no such file; it must be a JavaScript or TypeScript module');
  return checkAdapter(choose(await importModule(file, source), source), source, isTaken);
}

function choose(module: Record<string, unknown>, source: string): unknown {
  if (looksLikeAdapter(module.default)) return module.default;
  const found = new Map(
    Object.entries(module)
      .filter(([, value]) => looksLikeAdapter(value))
      .map(([name, value]) => [value, name]),
  );
  if (found.size === 1) return [...found.keys()][0];
  const names = Object.keys(module);
  throw new DocumentError(
    source,
    '$',
    found.size > 1
      ? `found several adapters (${[...found.values()].join(', ')}), must export only one, or make one of them the default export`
      : `found no adapter among its exports (${names.length > 0 ? names.join(', ') : 'it has none'}), must export {id, title, capabilities, open} as the default`,
  );
}

function looksLikeAdapter(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('open' in value || 'capabilities' in value);
}
