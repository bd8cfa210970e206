import type { ErrorObject, ValidateFunction } from 'ajv';
import type { Documents } from '../types/documents.js';
import * as validators from '../types/validators.js';
import { DocumentError, jsonPath } from './document-error.js';
import { parseJson, requireDepth } from './json.js';
import { nearestNames } from './nearest.js';
import { preview } from './preview.js';

export { DocumentError };

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
  flashInferAudit: validators.validateFlashInferAudit,
  implementations: validators.validateImplementations,
  kernelVerdict: validators.validateKernelVerdict,
  lengthDistribution: validators.validateLengthDistribution,
  macro: validators.validateMacro,
  maskSpec: validators.validateMaskSpec,
  mustPass: validators.validateMustPass,
  nativeManifest: validators.validateNativeManifest,
  onnxManifest: validators.validateOnnxManifest,
  numerics: validators.validateNumerics,
  operator: validators.validateOperator,
  power: validators.validatePower,
  probe: validators.validateProbe,
  problemVerdict: validators.validateProblemVerdict,
  processCommand: validators.validateProcessCommand,
  processReply: validators.validateProcessReply,
  processStart: validators.validateProcessStart,
  profile: validators.validateProfile,
  projectDocument: validators.validateProjectDocument,
  result: validators.validateResult,
  scheme: validators.validateScheme,
  simulations: validators.validateSimulations,
  undefinedOperators: validators.validateUndefinedOperators,
  vectors: validators.validateVectors,
  wgslManifest: validators.validateWgslManifest,
};

export const documentKinds = Object.keys(validatorOf) as readonly DocumentKind[];

/** Checks a value against the schema of its kind. @throws {DocumentError} at the first fault. */
export function checkDocument<K extends DocumentKind>(kind: K, value: unknown, document: string): Documents[K] {
  requireDepth(value, document);
  return validated(kind, value, document);
}

/** Parses and checks JSON of a kind. @throws {DocumentError} at the first fault. */
export function parseDocument<K extends DocumentKind>(kind: K, text: string, document: string): Documents[K] {
  return validated(kind, parseJson(text, document), document);
}

function validated<K extends DocumentKind>(kind: K, value: unknown, document: string): Documents[K] {
  const validate = validatorOf[kind] as ValidateFunction<Documents[K]>;
  if (validate(value)) return value;
  const fault = deepest(validate.errors ?? []);
  throw new DocumentError(document, pathOf(fault), explain(fault, value));
}

/** Error with the deepest path: of an anyOf, the alternative that was most likely meant. */
function deepest(errors: readonly ErrorObject[]): ErrorObject {
  const rank = (e: ErrorObject) => e.instancePath.split('/').length * 2 + (e.keyword === 'anyOf' ? 0 : 1);
  return errors.reduce((best, e) => (rank(e) > rank(best) ? e : best));
}

function pathOf(error: ErrorObject): string {
  const steps = stepsOf(error.instancePath);
  if (error.keyword === 'additionalProperties') steps.push(error.params.additionalProperty);
  return jsonPath(steps);
}

function stepsOf(pointer: string): string[] {
  const steps = pointer.split('/').slice(1);
  return steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function explain(error: ErrorObject, root: unknown): string {
  const p = error.params;
  const value = at(root, error.instancePath);
  const found = value === undefined ? 'nothing' : preview(value, 80);
  switch (error.keyword) {
    case 'additionalProperties':
      return `this key is not known here; ${nearestNames(p.additionalProperty, p.known ?? [])}`;
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
  for (const step of stepsOf(pointer)) value = (value as Record<string, unknown>)?.[step];
  return value;
}
