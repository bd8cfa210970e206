import type { ErrorObject, ValidateFunction } from 'ajv';
import { checkDocument } from '../../../spec/lib/documents.js';
import { parseJson } from '../../../spec/lib/json.js';
import type { Documents } from '../../../spec/types/documents.js';
import { validateProcessReply, validateProcessStart } from '../../../spec/types/every-fault.js';

type Kind = 'processStart' | 'processReply';

const validators: Readonly<Record<Kind, ValidateFunction>> = { processStart: validateProcessStart, processReply: validateProcessReply };

export interface ProcessMessage<K extends Kind> {
  readonly message: Documents[K];
  /** Paths of unknown keys, which are removed from the message. */
  readonly unknown: readonly string[];
}

/** Parses a line, dropping unknown keys of later protocols. @throws {DocumentError} */
export function readMessage<K extends Kind>(kind: K, line: string, document: string): ProcessMessage<K> {
  const value = parseJson(line, document);
  const unknown: string[] = [];
  const validate = validators[kind];
  while (!validate(value)) {
    const keys = unknownKeys(validate.errors ?? []);
    if (keys.length === 0) break;
    for (const { path, key } of keys) {
      delete objectAt(value, path)[key];
      unknown.push(['$', ...path, key].join('.'));
    }
  }
  return { message: checkDocument(kind, value, document), unknown };
}

/** Maximum number of unknown keys; with more, the sender does not speak this protocol. */
const mostUnknown = 100;

interface UnknownKey {
  readonly path: readonly string[];
  readonly key: string;
}

/**
 * Returns unknown keys of objects without other errors, or an empty array above `mostUnknown`. For
 * schema alternatives, the alternative that knows most keys decides.
 */
function unknownKeys(errors: readonly ErrorObject[]): UnknownKey[] {
  const others = errors.filter((e) => e.keyword !== 'additionalProperties' && e.keyword !== 'anyOf').map((e) => e.instancePath);
  const strange = errors.filter((e) => e.keyword === 'additionalProperties');
  if (strange.length > mostUnknown) return [];
  const deepest = strange.filter((e) => !strange.some((other) => other.instancePath.startsWith(`${e.instancePath}/`)));
  return [...grouped(deepest, (e) => e.instancePath)].flatMap(([pointer, found]) => {
    if (others.some((other) => other.startsWith(`${pointer}/`))) return [];
    const alternatives = [...grouped(found, (e) => e.schemaPath).values()];
    const fewest = alternatives.reduce((best, next) => (next.length < best.length ? next : best));
    return fewest.map((e) => ({ path: stepsOf(pointer), key: e.params.additionalProperty as string }));
  });
}

function grouped(errors: readonly ErrorObject[], keyOf: (e: ErrorObject) => string): Map<string, ErrorObject[]> {
  const groups = new Map<string, ErrorObject[]>();
  for (const e of errors) groups.set(keyOf(e), [...(groups.get(keyOf(e)) ?? []), e]);
  return groups;
}

function stepsOf(pointer: string): string[] {
  const steps = pointer.split('/').slice(1);
  return steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function objectAt(value: unknown, path: readonly string[]): Record<string, unknown> {
  return path.reduce((at, step) => (at as Record<string, unknown>)[step], value) as Record<string, unknown>;
}

/** Quotes the first 200 characters of a line. */
export function quote(line: string): string {
  return JSON.stringify(line.length > 200 ? `${line.slice(0, 200)}…` : line);
}
