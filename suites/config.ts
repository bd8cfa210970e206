import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkDocument, DocumentError, parseDocument } from '../spec/lib/documents.js';
import type { Config } from '../spec/types/documents.js';
import { readTextFor } from './lib/files.js';
import { UsageError } from './lib/usage-error.js';

const names = ['attn-cts.config.ts', 'attn-cts.config.js', 'attn-cts.config.mjs', 'attn-cts.config.json'];

/** Gives a configuration its type in an editor. */
export function defineConfig(config: Config): Config {
  return config;
}

/** Loads a folder's configuration; {} if absent. @throws {UsageError} @throws {DocumentError} */
export async function loadConfig(folder: string): Promise<Config> {
  const found = names.filter((name) => existsSync(join(folder, name)));
  if (found.length === 0) return {};
  if (found.length > 1) throw new UsageError(`found ${found.join(' and ')}: keep one of them`);
  const [name] = found;
  const file = join(folder, name);
  if (name.endsWith('.json')) return parseDocument('config', readTextFor('the configuration', file), name);
  return checkDocument('config', await importDefault(file, name), name);
}

async function importDefault(file: string, name: string): Promise<unknown> {
  let module: Record<string, unknown>;
  try {
    if (name.endsWith('.ts')) {
      const { createJiti } = await import('jiti');
      module = await createJiti(import.meta.url).import<Record<string, unknown>>(file);
    } else {
      module = await import(pathToFileURL(file).href);
    }
  } catch (error) {
    throw new DocumentError(name, '$', `importing it failed: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (module.default === undefined)
    throw new DocumentError(name, '$', 'found no default export, must export the configuration as the default');
  return module.default;
}
