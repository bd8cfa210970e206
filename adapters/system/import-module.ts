import { pathToFileURL } from 'node:url';
import { DocumentError } from '../../spec/lib/documents.js';

/** Imports a module, compiling TypeScript. @throws {DocumentError} if the import fails. */
export async function importModule(file: string, source: string): Promise<Record<string, unknown>> {
  try {
    if (!/\.[cm]?ts$/.test(file)) return await import(pathToFileURL(file).href);
    const { createJiti } = await import('jiti');
    return await createJiti(import.meta.url).import<Record<string, unknown>>(file);
  } catch (error) {
    throw new DocumentError(source, '$', importProblem(error, file));
  }
}

/** Describes the failure; the line of a syntax error is only in the stack. */
function importProblem(error: unknown, file: string): string {
  if (!(error instanceof Error)) return `importing it failed: ${String(error)}`;
  if (error.name !== 'SyntaxError') return `importing it failed: ${error.message}`;
  const [, where, line] = /^(\S+?):(\d+)\n/.exec(error.stack ?? '') ?? [];
  const own = where === pathToFileURL(file).href || where === file;
  return `it has a syntax error${line === undefined ? '' : own ? ` in line ${line}` : ` in ${where}:${line}`}: ${error.message}`;
}
