import { checkExpression } from '../expression/check.js';
import { DocumentError } from '../lib/documents.js';
import { checkAxisRules } from '../operator/check-axis-rules.js';
import { checkInputs } from '../operator/check-inputs.js';
import {
  declaredAxes,
  indexNames,
  inputsOf,
  namesEmptyOutput,
  optionalNames,
  queryAxisOf,
  secondForm,
  usesMask,
  usesMaskAsOperand,
} from '../operator/facts.js';
import { checkFixedElements } from '../operator/fixed-elements.js';
import { namesGiven, plainStatements } from '../operator/loops.js';
import { smallestSizes, unlikeSizes } from '../operator/sample-sizes.js';
import type { Operator, Term } from '../types/documents.js';
import { type Binding, buildProgram, documentOf } from './build.js';
import { maskAxes } from './tensor.js';

/** Checks both programs beyond the schema. @throws {DocumentError} at the first fault. */
export function checkOperator(operator: Operator, document = documentOf(operator)): void {
  checkInputs(operator, document);
  checkProgram(operator, document);
  const second = secondForm(operator);
  if (second) atSecond(() => checkProgram(second, document));
}

/** Runs a check of a second form; faults get paths under `$.second`. */
export function atSecond(check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    const { document, path, problem } = error;
    if (path.startsWith('$.program')) throw new DocumentError(document, path.replace('$.program', '$.second.program'), problem);
    throw new DocumentError(document, '$.second.program', `does not fit ${path}: ${problem}`);
  }
}

function checkProgram(operator: Operator, document: string): void {
  const all = optionalNames(operator);
  checkAxisRules(operator, document);
  for (const binding of bindings(operator, [all, [], ...all.map((name) => [name])])) buildProgram(operator, binding, document);
  requireSizes(operator, all, document);
  requireMask(operator, document);
  requireUse(operator, document);
  requireValues(operator, all, document);
  requireLongValues(operator, document);
  requireStandards(operator, document);
  requireCached(operator, document);
  if (operator.emptyRow !== undefined && namesEmptyOutput(operator))
    throw new DocumentError(
      document,
      '$.emptyRow',
      'must be absent: the program names $emptyOutput, so the dialect defines the result of a row without keys',
    );
}

function bindings(operator: Operator, choices: readonly (readonly string[])[]): Binding[] {
  const masks = usesMaskAsOperand(operator) ? [true] : [true, false];
  return choices.flatMap((present) => masks.map((mask) => bindingWith(operator, present, mask)));
}

/** Binding of the smallest sizes; options without a default are 1. */
export function bindingWith(operator: Operator, present: readonly string[], mask: boolean): Binding {
  const declared = declaredAxes(operator);
  const options = Object.fromEntries(present.filter((name) => Object.hasOwn(operator.options ?? {}, name)).map((name) => [name, 1]));
  const there = Object.entries(declared).filter(([name]) => Object.hasOwn(operator.inputs, name) || present.includes(name));
  return {
    sizes: smallestSizes(operator, options),
    tensors: Object.fromEntries(there),
    ...(mask && { mask: maskAxes }),
    options,
  };
}

/** Builds the program with sizes above 1. @throws {DocumentError} at the first fault. */
function requireSizes(operator: Operator, all: readonly string[], document: string): void {
  for (const present of [all, []]) {
    const binding = bindingWith(operator, present, true);
    for (const sizes of unlikeSizes(operator, binding.options)) buildProgram(operator, { ...binding, sizes }, document);
  }
}

/** Refuses masks over a shared axis; `masks: any` needs one. @throws {DocumentError} */
function requireMask(operator: Operator, document: string): void {
  const used = operator.program.findIndex((statement) => usesMask({ program: [statement] }));
  if (used >= 0 && queryAxisOf(operator) === 'n')
    throw new DocumentError(
      document,
      `$.program[${used}][1]`,
      'uses the mask, which has the axes m and n; give the queries, or another input, the axis m',
    );
  if (used < 0 && operator.masks === 'any')
    throw new DocumentError(
      document,
      '$.masks',
      'found "any", but the program does not use the mask; list the masks that are built into the program',
    );
}

/** Builds the program for listed values and range ends of options. @throws {DocumentError} */
function requireValues(operator: Operator, present: readonly string[], document: string): void {
  for (const [name, { values, range }] of Object.entries(operator.options ?? {})) {
    for (const [i, value] of (values ?? range ?? []).entries()) {
      const binding = bindingWith(operator, present, true);
      const chosen = { ...binding.options, [name]: value };
      try {
        for (const sizes of [smallestSizes(operator, chosen), ...unlikeSizes(operator, chosen)])
          buildProgram(operator, { ...binding, sizes, options: chosen }, document);
      } catch (error) {
        if (!(error instanceof DocumentError)) throw error;
        const where = `$.options.${name}.${values ? 'values' : 'range'}[${i}]`;
        throw new DocumentError(document, where, `found ${value}, with which ${error.path} fails: ${error.problem}`);
      }
    }
  }
}

function requireLongValues(operator: Operator, document: string): void {
  const known = ['#n', 'P'];
  for (const [name, { long }] of Object.entries(operator.options ?? {})) {
    if (long !== undefined) checkExpression(long, { values: known, tables: [] }, document, `$.options.${name}.long`, 'number');
    if (long !== undefined) known.push(`$${name}`);
  }
}

/** Checks that cached inputs have a row per token, and that all required key inputs are cached. */
function requireCached(operator: Operator, document: string): void {
  const inputs = Object.entries(inputsOf(operator));
  const some = inputs.some(([, { cached }]) => cached);
  for (const [name, { axes, cached, optional }] of inputs) {
    const belongsToKeys = axes.includes('n') && !axes.includes('m');
    const isKept = axes[0] === 'b' && belongsToKeys && !optional;
    if (cached && !isKept)
      throw new DocumentError(
        document,
        `$.inputs.${name}.cached`,
        `found the axes ${axes.join(', ')}, must begin with b, contain n and not contain m`,
      );
    if (some && !cached && belongsToKeys && !optional)
      throw new DocumentError(
        document,
        `$.inputs.${name}`,
        'must be cached, as another input with the axis n is: a cache keeps all that belongs to keys',
      );
  }
}

function requireStandards(operator: Operator, document: string): void {
  for (const [name, facts] of Object.entries(inputsOf(operator))) {
    const { axes, standard } = facts;
    if (standard === undefined) continue;
    const path = `$.${Object.hasOwn(operator.inputs, name) ? 'inputs' : 'optional'}.${name}.standard`;
    checkExpression(standard, { values: indexNames(axes), tables: [] }, document, path, 'number');
    checkFixedElements(operator, facts, standard, document, path);
  }
}

function requireUse(operator: Operator, document: string): void {
  const used = new Set<string>(Object.keys(operator.outputs));
  for (const [, term] of plainStatements(operator.program)) collectNames(term, used);
  for (const { name, path } of namesGiven(operator.program, '$.program')) {
    if (!used.has(name)) throw new DocumentError(document, path, `"${name}" is unused: no statement needs it, and it is not an output`);
  }
}

function collectNames(term: Term | Record<string, string | number | boolean>, into: Set<string>): void {
  if (typeof term === 'string') into.add(term);
  else if (Array.isArray(term)) for (const part of term) collectNames(part, into);
  else if (typeof term === 'object') for (const value of Object.values(term)) if (typeof value === 'string') into.add(value);
}
