import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { DocumentError } from '../../../spec/lib/documents.js';
import type { Adapter } from '../../adapter.js';

/** Returns true if an id belongs to a built-in adapter. */
export type IsTaken = (id: string) => boolean;

/** Ids occur in check globs and in names of failure folders. */
const idPattern = /^[A-Za-z0-9][A-Za-z0-9._+-]*$/;

/** Checks the shape of an exported Adapter. @throws {DocumentError} at the first fault. */
export function checkAdapter(value: unknown, document: string, isTaken: IsTaken = () => false): Adapter {
  const adapter = value as Record<string, unknown>;
  const fault = (path: string, allowed: string): never => {
    const found = adapter[path];
    throw new DocumentError(
      document,
      `$.${path}`,
      `found ${found === undefined ? 'nothing' : (JSON.stringify(found) ?? typeof found)}, must be ${allowed}`,
    );
  };
  if (typeof adapter.id !== 'string' || !idPattern.test(adapter.id)) fault('id', 'a name of letters, digits and ". _ + -"');
  if (isTaken(adapter.id as string)) fault('id', 'another name, because a built-in adapter has this one');
  if (typeof adapter.title !== 'string' || adapter.title === '') fault('title', 'a string that is not empty');
  if (adapter.version !== undefined && typeof adapter.version !== 'string') fault('version', 'a string, or absent');
  if (typeof adapter.open !== 'function') fault('open', 'a function that opens the kernel');
  if (adapter.programs !== undefined && !isPrograms(adapter.programs))
    fault('programs', 'an array of {name, forward}, with a backward function where the scheme has one, or absent');
  checkCapabilities(adapter.capabilities, document);
  return value as Adapter;
}

function isPrograms(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((program: Partial<Record<string, unknown>> | null) => {
      const { name, forward, backward } = program ?? {};
      return typeof name === 'string' && typeof forward === 'function' && ['function', 'undefined'].includes(typeof backward);
    })
  );
}

/** Resolves capabilities, with error paths that start in the exported object. */
function checkCapabilities(capabilities: unknown, document: string): void {
  try {
    resolveCapabilities(capabilities, document);
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    throw new DocumentError(document, error.path.replace(/^\$/, '$.capabilities'), error.problem);
  }
}
