import { checkExpression } from '../expression/check.js';
import { DocumentError } from '../lib/documents.js';
import { nearestNames } from '../lib/nearest.js';
import { indexNames, inputsOf } from '../operator/facts.js';
import { checkFixedElements } from '../operator/fixed-elements.js';
import type { SpecLibrary } from '../spec-library.js';
import type { Expression, Operator, Options } from '../types/documents.js';
import { type FullCapabilities, isFixed } from './capabilities.js';

/** Option value, or expression of an input's elements, that an implementation computes itself. */
export function fixedValue(capabilities: Pick<FullCapabilities, 'fixed'>, operator: Operator, name: string): Expression | undefined {
  if (!isFixed(capabilities, name)) return undefined;
  const value = capabilities.fixed?.[name];
  return value === true ? standardOf(operator, name) : value;
}

/** Case options that an implementation always has, because it computes them itself. */
export function fixedOptions(capabilities: Pick<FullCapabilities, 'fixed'>, operator: Operator): Options {
  const { options = {}, optional = {} } = operator;
  const found: Options = {};
  for (const name of Object.keys(capabilities.fixed ?? {})) {
    if (Object.hasOwn(optional, name)) found[name] = true;
    if (Object.hasOwn(options, name)) found[name] = fixedValue(capabilities, operator, name) as number;
  }
  return found;
}

function standardOf(operator: Operator, name: string): Expression | undefined {
  return inputOf(operator, name)?.standard ?? optionOf(operator, name)?.standard;
}

function inputOf(operator: Operator, name: string) {
  const inputs = inputsOf(operator);
  return Object.hasOwn(inputs, name) ? inputs[name] : undefined;
}

function optionOf({ options = {} }: Operator, name: string) {
  return Object.hasOwn(options, name) ? options[name] : undefined;
}

/** Checks `fixed` and `stored` against the claimed operators. @throws {DocumentError} */
export function checkNamedInputs(library: SpecLibrary, { operators, fixed = {}, stored = {} }: FullCapabilities, document: string): void {
  const claimed = operators.flatMap((name) => library.operators.get(name) ?? []);
  // an operator without a document cannot be checked
  if (claimed.length < operators.length) return;
  const inputs = claimed.flatMap((operator) => Object.keys(inputsOf(operator)));
  const known = [...inputs, ...claimed.flatMap(({ options }) => Object.keys(options ?? {}))];
  for (const [path, names, allowed] of [
    ['fixed', fixed, known],
    ['stored', stored, inputs],
  ] as const)
    for (const name of Object.keys(names))
      if (!allowed.includes(name))
        throw new DocumentError(
          document,
          `$.${path}.${name}`,
          `${operators.join(' and ')} has no "${name}"; ${nearestNames(name, allowed)}`,
        );
  for (const operator of claimed) for (const name of Object.keys(fixed)) checkFixed(operator, name, fixed[name], document);
  for (const operator of claimed) for (const name of Object.keys(stored)) checkStored(operator, name, document);
}

function checkFixed(operator: Operator, name: string, value: true | Expression, document: string): void {
  const path = `$.fixed.${name}`;
  const input = inputOf(operator, name);
  if (value === true) {
    if ((input || optionOf(operator, name)) && standardOf(operator, name) === undefined)
      throw new DocumentError(
        document,
        path,
        `the document of ${operator.name} has no standard value of ${name}; give ${input ? 'an expression' : 'a number'} instead of true`,
      );
  } else if (!input) {
    if (optionOf(operator, name) && typeof value !== 'number')
      throw new DocumentError(document, path, `found ${JSON.stringify(value)}, must be a number: ${name} is an option of ${operator.name}`);
  } else if (input.kind !== 'number') {
    throw new DocumentError(document, path, `found ${name}, whose kind is ${input.kind}: only inputs of kind number can be fixed`);
  } else {
    checkExpression(value, { values: indexNames(input.axes), tables: [] }, document, path, 'number');
    checkFixedElements(operator, input, value, document, path);
  }
}

function checkStored(operator: Operator, name: string, document: string): void {
  const kind = inputOf(operator, name)?.kind ?? 'number';
  if (kind !== 'number')
    throw new DocumentError(
      document,
      `$.stored.${name}`,
      `found ${name}, whose kind is ${kind}: only inputs of kind number have a storage type`,
    );
}
