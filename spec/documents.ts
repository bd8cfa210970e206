import type { ErrorObject, ValidateFunction } from 'ajv';
import type { Documents } from './types/documents.js';
import * as validators from './types/validators.js';

/** A document that breaks its schema or its meaning: which, where in it, what was found, what is allowed. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';
  constructor(
    /** A file name, or what stands for one. */
    readonly document: string,
    /** JSON path, such as $.dims.m. */
    readonly path: string,
    readonly problem: string,
  ) {
    super(`${document}: at ${path}: ${problem}`);
  }
}

export type DocumentKind = Exclude<keyof Documents, 'common'>;

const validatorOf: { [K in DocumentKind]: ValidateFunction<Documents[K]> } = {
  bench: validators.validateBench,
  capabilities: validators.validateCapabilities,
  case: validators.validateCase,
  cluster: validators.validateCluster,
  config: validators.validateConfig,
  costs: validators.validateCosts,
  expectations: validators.validateExpectations,
  failure: validators.validateFailure,
  maskSpec: validators.validateMaskSpec,
  nativeManifest: validators.validateNativeManifest,
  onnxManifest: validators.validateOnnxManifest,
  operator: validators.validateOperator,
  power: validators.validatePower,
  probe: validators.validateProbe,
  processCommand: validators.validateProcessCommand,
  processReply: validators.validateProcessReply,
  processStart: validators.validateProcessStart,
  profile: validators.validateProfile,
  result: validators.validateResult,
  scheme: validators.validateScheme,
  simulations: validators.validateSimulations,
  vectors: validators.validateVectors,
  wgslManifest: validators.validateWgslManifest,
};

/**
 * The value, held to the schema of its kind.
 * @param document what to call it in the message: a path, or a title.
 * @throws {DocumentError} at its first fault.
 */
export function checkDocument<K extends DocumentKind>(kind: K, value: unknown, document: string): Documents[K] {
  const validate = validatorOf[kind] as ValidateFunction<Documents[K]>;
  if (validate(value)) return value;
  const fault = deepest(validate.errors ?? []);
  throw new DocumentError(document, jsonPath(fault), explain(fault, value));
}

/** Text parsed as JSON and held to the schema of its kind. */
export function parseDocument<K extends DocumentKind>(kind: K, text: string, document: string): Documents[K] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new DocumentError(document, '$', `this is not JSON: ${(error as Error).message}`);
  }
  return checkDocument(kind, value, document);
}

/** Of the alternatives of an anyOf, the one that got furthest is the one the author meant. */
function deepest(errors: readonly ErrorObject[]): ErrorObject {
  const rank = (e: ErrorObject) => e.instancePath.split('/').length * 2 + (e.keyword === 'anyOf' ? 0 : 1);
  return errors.reduce((best, e) => (rank(e) > rank(best) ? e : best));
}

function jsonPath(error: ErrorObject): string {
  const steps = error.instancePath
    .split('/')
    .slice(1)
    .map((s) => s.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (error.keyword === 'additionalProperties') steps.push(error.params.additionalProperty);
  return `$${steps.map((s) => (/^\d+$/.test(s) ? `[${s}]` : /^[\w-]+$/.test(s) ? `.${s}` : `[${JSON.stringify(s)}]`)).join('')}`;
}

function explain(error: ErrorObject, root: unknown): string {
  const p = error.params;
  const found = preview(at(root, error.instancePath));
  switch (error.keyword) {
    case 'additionalProperties':
      return 'this key is not known here';
    case 'required':
      return `"${p.missingProperty}" is missing`;
    case 'enum':
      return `found ${found}, allowed: ${(p.allowedValues as unknown[]).map((v) => JSON.stringify(v)).join(', ')}`;
    case 'type':
      return `found ${found}, must be ${([] as string[]).concat(p.type).join(' or ')}`;
    case 'pattern':
      return `found ${found}, must match ${p.pattern}`;
    default:
      return `found ${found}, ${error.message}`;
  }
}

function at(root: unknown, pointer: string): unknown {
  let value = root;
  for (const step of pointer.split('/').slice(1)) {
    value = (value as Record<string, unknown>)?.[step.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return value;
}

function preview(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
