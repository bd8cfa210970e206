import { existsSync } from 'node:fs';
import { DocumentError } from '../../../spec/lib/documents.js';
import type { SpecDocument } from '../../../spec/library.js';
import { importModule } from '../../system/import-module.js';
import type { SchemeProgram } from '../program.js';

const endings = ['.mjs', '.js', '.mts', '.ts'];

/** Loads programs from NAME.mjs, .js, .mts or .ts beside NAME.json. @throws {DocumentError} */
export async function loadPrograms(documents: readonly SpecDocument[] = []): Promise<SchemeProgram[]> {
  return Promise.all(
    documents.filter(({ kind }) => kind === 'scheme').map(({ document, value }) => load(document, (value as { name: string }).name)),
  );
}

async function load(document: string, name: string): Promise<SchemeProgram> {
  const base = document.replace(/\.json$/, '');
  const file = endings.map((ending) => base + ending).find((path) => existsSync(path));
  if (!file)
    throw new DocumentError(
      document,
      '$',
      `no program of the scheme was found beside the document; it must be the default export of ${base}.mjs (or .js, .mts, .ts)`,
    );
  const program = (await importModule(file, file)).default as Partial<SchemeProgram> | undefined;
  const wrong = (['forward', 'backward', 'solve'] as const).find((part) =>
    part === 'forward' ? typeof program?.forward !== 'function' : !['undefined', 'function'].includes(typeof program?.[part]),
  );
  if (wrong) throw new DocumentError(file, `$.default.${wrong}`, `found ${typeof program?.[wrong]}, must be a function`);
  return { ...(program as SchemeProgram), name };
}
