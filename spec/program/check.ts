import { DocumentError } from '../documents.js';
import type { Operator, Term } from '../types/documents.js';
import { type Binding, buildProgram, documentOf } from './build.js';
import { union } from './tensor.js';

/**
 * Holds a program to its meaning, beyond the schema: names, axes, types and operands, with every optional tensor and option, with none, and with
 * each alone; and nothing in it is unused.
 * @throws {DocumentError} at its first fault.
 */
export function checkOperator(operator: Operator, document = documentOf(operator)): void {
  const optional = Object.keys(operator.optional ?? {});
  const nullable = Object.entries(operator.options ?? {}).flatMap(([name, option]) => (option.default === null ? [name] : []));
  const all = [...optional, ...nullable];
  for (const present of [all, [], ...all.map((name) => [name])]) buildProgram(operator, bindingWith(operator, present), document);
  requireUse(operator, document);
}

/** Sizes and values do not matter to types: any will do. */
export function bindingWith(operator: Operator, present: readonly string[]): Binding {
  const declared = { ...operator.inputs, ...operator.optional };
  const axes = union(...Object.values(declared));
  const there = Object.entries(declared).filter(([name]) => Object.hasOwn(operator.inputs, name) || present.includes(name));
  return {
    sizes: Object.fromEntries(axes.map((axis) => [axis, 1])),
    tensors: Object.fromEntries(there),
    mask: ['b', 'hk', 'g', 'm', 'n'].filter((axis) => axes.includes(axis)),
    options: Object.fromEntries(present.filter((name) => Object.hasOwn(operator.options ?? {}, name)).map((name) => [name, 1])),
  };
}

function requireUse(operator: Operator, document: string): void {
  const used = new Set<string>(operator.outputs);
  for (const [, term] of operator.program) collectNames(term, used);
  for (const [i, [name]] of operator.program.entries()) {
    if (!used.has(name)) throw new DocumentError(document, `$.program[${i}][0]`, `nothing uses "${name}", and it is no output`);
  }
}

function collectNames(term: Term | Record<string, string | number | boolean>, into: Set<string>): void {
  if (typeof term === 'string') into.add(term);
  else if (Array.isArray(term)) for (const part of term) collectNames(part, into);
  else if (typeof term === 'object') for (const value of Object.values(term)) if (typeof value === 'string') into.add(value);
}
