import { evaluateExpression } from '../expression/evaluate.js';
import { DocumentError } from '../lib/documents.js';
import { nearestNames } from '../lib/nearest.js';
import { preview } from '../lib/preview.js';
import type { Expression, MaskParameter, MaskParameters, MaskSpec } from '../types/documents.js';
import type { MaskProblem } from './compile/compiled-mask.js';

/** Parameters of a named mask, by kind. */
export interface MaskValues {
  readonly numbers: Readonly<Record<string, number>>;
  readonly lists: Readonly<Record<string, readonly number[]>>;
}

const largestSeed = 2 ** 32 - 1;

/**
 * Reads a mask's parameters.
 * @throws {DocumentError} for an unknown, missing or wrong parameter.
 */
export function readParameters(spec: MaskSpec, given: MaskParameters, problem: MaskProblem, document: string, path: string): MaskValues {
  const declared = spec.parameters ?? {};
  const numbers: Record<string, number> = {};
  const lists: Record<string, readonly number[]> = {};
  const fault = (name: string, text: string): never => {
    throw new DocumentError(document, `${path}.${name}`, text);
  };

  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(declared, name))
      fault(name, `mask "${spec.name}" has no such parameter; ${nearestNames(name, Object.keys(declared))}`);
  }
  for (const [name, parameter] of Object.entries(declared)) {
    if (!Object.hasOwn(given, name)) fault(name, `mask "${spec.name}" needs this parameter: ${describe(parameter)}`);
    const wrong = (): never => fault(name, `found ${preview(given[name])}, must be ${describe(parameter)}`);
    const value = given[name];
    if (parameter.type === 'choice') {
      const place = (parameter.choices as unknown[]).indexOf(value);
      numbers[name] = place >= 0 ? place : wrong();
    } else if (parameter.type === 'lengths' || parameter.type === 'batch-lengths') {
      lists[name] = Array.isArray(value) && value.every((x) => Number.isSafeInteger(x) && x >= 0) ? value : wrong();
    } else {
      numbers[name] = typeof value === 'number' && fitsType(parameter.type, value) ? value : wrong();
    }
  }

  const sizes: Record<string, number> = { b: problem.b, m: problem.m, n: problem.n, ...numbers };
  for (const [name, { type, minimum, multipleOf }] of Object.entries(declared)) {
    if (minimum !== undefined && name in numbers) {
      const least = evaluateExpression(minimum as Expression, (size) => sizes[size]);
      if (!(numbers[name] >= least)) fault(name, `found ${numbers[name]}, must be at least ${least}`);
    }
    if (type === 'lengths') checkDocumentLengths(lists[name], problem.n, multipleOf, numbers, (text) => fault(name, text));
    if (type === 'batch-lengths') checkBatchLengths(lists[name], problem, (text) => fault(name, text));
  }
  return { numbers, lists };
}

/** Example of an integer for n keys, if the document has one. */
export function exampleInteger({ example }: MaskParameter, n: number): number | undefined {
  return example === undefined ? undefined : evaluateExpression(example, () => n);
}

function fitsType(type: 'integer' | 'share' | 'seed', value: number): boolean {
  if (type === 'share') return value >= 0 && value <= 1;
  return Number.isSafeInteger(value) && (type === 'integer' || (value >= 0 && value <= largestSeed));
}

function checkDocumentLengths(
  lengths: readonly number[],
  n: number,
  multipleOf: string | undefined,
  numbers: Readonly<Record<string, number>>,
  fault: (text: string) => never,
): void {
  const sum = lengths.reduce((a, b) => a + b, 0);
  if (sum !== n) fault(`found lengths that add up to ${sum}, must add up to n = ${n}`);
  if (multipleOf === undefined) return;
  const odd = lengths.find((length) => length % numbers[multipleOf] !== 0);
  if (odd !== undefined) fault(`found a length of ${odd}, must be multiples of "${multipleOf}" = ${numbers[multipleOf]}`);
}

function checkBatchLengths(lengths: readonly number[], { b, n }: MaskProblem, fault: (text: string) => never): void {
  if (lengths.length !== b) fault(`found ${lengths.length} lengths, must be one per batch entry: ${b}`);
  const long = lengths.find((length) => length > n);
  if (long !== undefined) fault(`found a length of ${long}, must be at most n = ${n}`);
}

function describe({ type, choices }: MaskParameter): string {
  switch (type) {
    case 'integer':
      return 'an integer';
    case 'share':
      return 'a number from 0 to 1';
    case 'seed':
      return `an integer from 0 to ${largestSeed}`;
    case 'lengths':
      return 'a list of document lengths';
    case 'batch-lengths':
      return 'a list of lengths, one per batch entry';
    case 'choice':
      return `one of ${(choices ?? []).map((c) => `"${c}"`).join(', ')}`;
  }
}
