import { checkExpression } from '../expression/check.js';
import { evaluateExpression } from '../expression/evaluate.js';
import { DocumentError } from '../lib/documents.js';
import { memoised } from '../lib/memoised.js';
import { nearestNames } from '../lib/nearest.js';
import { codeOf, inputsOf, optionalConditions } from '../operator/facts.js';
import { isLoop, namesGiven, plainStatements, resultsOf } from '../operator/loops.js';
import type { Operator, Statement, Term } from '../types/documents.js';
import { Graph, type Node } from './graph.js';
import { unroll } from './loops/unroll.js';
import { lowerTerm, type Place } from './lower.js';
import type { TensorType } from './primitive.js';
import type { Setting } from './setting.js';
import type { Sizes } from './tensor.js';

/** Adds statements to the graph and to `tensors`. @throws {DocumentError} at the first fault. */
function lowerStatements(
  setting: Setting,
  statements: readonly Statement[],
  tensors: Map<string, Node>,
  path: string,
  places: readonly Place[] = [],
): void {
  const { graph, document, scores } = setting;
  const scope = { ...setting.scope, tensors, places };
  for (const [i, statement] of statements.entries()) {
    const [name, term, attributes] = statement;
    const at = `${path}[${i}]`;
    if (isLoop(term)) {
      for (const [result, node] of unroll({ setting, name, loop: term, around: tensors, path: `${at}[1]`, places, lower: lowerStatements }))
        tensors.set(result, node);
      continue;
    }
    const node = lowerTerm(graph, scope, term, document, `${at}[1]`);
    if (attributes?.store && node.kind !== 'apply')
      throw new DocumentError(document, `${at}[2].store`, 'only what is computed can be stored');
    // a boolean is no score
    const isScore = scores.has(name) && node.type.kind === 'number';
    const as = attributes?.store === 'always' ? 'layer' : attributes?.store ? 'probabilities' : isScore ? 'scores' : undefined;
    tensors.set(name, as ? graph.stored(node, as) : node);
  }
}

/** Checks that every name of a program is defined once. @throws {DocumentError} */
function requireOwnNames(program: readonly Statement[], taken: Iterable<string>, path: string, document: string): void {
  const known = new Set(taken);
  for (const given of namesGiven(program, path)) {
    if (known.has(given.name))
      throw new DocumentError(document, given.path, `"${given.name}" is the name of an input or an earlier statement`);
    known.add(given.name);
  }
}

/** Sizes, tensors and option values for which a program is built. */
export interface Binding {
  readonly sizes: Sizes;
  /** Axes of each present tensor; it is broadcast along declared axes that it lacks. */
  readonly tensors: Readonly<Record<string, readonly string[]>>;
  readonly mask?: readonly string[];
  readonly options: Readonly<Record<string, number | string | null>>;
  /** Unrolls one step of every loop, for questions that need no sizes. */
  readonly once?: boolean;
}

export interface BuiltProgram {
  readonly graph: Graph;
  readonly inputs: ReadonlyMap<string, Node>;
  readonly outputs: ReadonlyMap<string, Node>;
}

const dialectWords = { emptyOutput: 'zero', emptyLse: '-inf' } as const;

export function documentOf(operator: Operator): string {
  return `operator ${operator.name}`;
}

/** Builds the graph of a program. @throws {DocumentError} at the program's first fault. */
export function buildProgram(operator: Operator, binding: Binding, document = documentOf(operator)): BuiltProgram {
  const graph = new Graph(binding.sizes);
  const absent = new Set<string>();
  const tensors = inputNodes(operator, binding, graph, absent, document);
  const inputs = new Map(tensors);
  inputs.delete('mask');
  const scalars = scalarsOf(operator, binding, absent, document);
  const words = new Map(Object.entries(dialectWords).map(([name, word]) => [`$${name}`, String(binding.options[name] ?? word)]));
  const scope = { scalars, words, absent, conditions: new Set(['mask', ...optionalConditions(operator)]) };
  requireOwnNames(operator.program, [...tensors.keys(), ...absent], '$.program', document);
  const setting = {
    graph,
    scope,
    scores: scoreStatements(operator.program),
    once: binding.once ?? false,
    unrolled: { statements: 0 },
    document,
  };
  lowerStatements(setting, operator.program, tensors, '$.program');
  const outputs = new Map(
    Object.keys(operator.outputs).map((name) => [name, outputNode(operator, tensors, name, document, `$.outputs.${name}`)]),
  );
  return { graph, inputs, outputs };
}

function inputNodes(operator: Operator, binding: Binding, graph: Graph, absent: Set<string>, document: string): Map<string, Node> {
  const tensors = new Map<string, Node>();
  for (const [name, { axes, kind, format, packed, optional }] of Object.entries(inputsOf(operator))) {
    const path = `$.${optional ? 'optional' : 'inputs'}.${name}`;
    if (name === 'mask') throw new DocumentError(document, path, `the name "${name}" is taken`);
    for (const [k, axis] of axes.entries()) {
      if (!(binding.sizes[axis] >= 0))
        throw new DocumentError(document, `${path}[${k}]`, `axis "${axis}" has no size; ${nearestNames(axis, Object.keys(binding.sizes))}`);
      if (axes.indexOf(axis) !== k) throw new DocumentError(document, `${path}[${k}]`, `axis "${axis}" is named twice`);
    }
    if (Object.hasOwn(binding.tensors, name)) {
      const found = checkedAxes(binding.tensors[name], axes, document, path);
      tensors.set(
        name,
        graph.input(name, kind === 'code' ? { kind, axes: found, format, packed } : { kind: valueKind(kind), axes: found }),
      );
    } else if (optional) absent.add(name);
    else throw new DocumentError(document, path, 'the input is missing');
  }
  if (binding.mask) tensors.set('mask', graph.input('mask', { kind: 'boolean', axes: binding.mask }));
  else absent.add('mask');
  return tensors;
}

function valueKind(kind: 'number' | 'boolean' | 'index'): 'number' | 'boolean' {
  return kind === 'boolean' ? 'boolean' : 'number';
}

function checkedAxes(axes: readonly string[], declared: readonly string[], document: string, path: string): readonly string[] {
  const foreign = axes.find((axis) => !declared.includes(axis));
  if (foreign !== undefined)
    throw new DocumentError(document, path, `found axis "${foreign}" in the tensor, allowed: ${declared.join(' ')}`);
  return axes;
}

function scalarsOf(operator: Operator, { sizes, options }: Binding, absent: Set<string>, document: string): Map<string, number> {
  const scalars = new Map(Object.entries(sizes).map(([axis, size]) => [`#${axis}`, size]));
  const names = [...scalars.keys()];
  for (const [name, option] of Object.entries(operator.options ?? {})) {
    const path = `$.options.${name}`;
    if (Object.hasOwn(dialectWords, name)) throw new DocumentError(document, path, `the name "${name}" is taken by the dialect`);
    if (option.default !== null) checkExpression(option.default, { values: names, tables: [] }, document, `${path}.default`, 'number');
    const given = options[name];
    if (typeof given === 'string') throw new DocumentError(document, path, `found "${given}", must be a number`);
    const value =
      given !== undefined || option.default === null
        ? (given ?? null)
        : evaluateExpression(option.default, (n) => scalars.get(n) as number);
    if (value === null) absent.add(`$${name}`);
    else scalars.set(`$${name}`, value);
  }
  return scalars;
}

function outputNode(operator: Operator, tensors: ReadonlyMap<string, Node>, name: string, document: string, path: string): Node {
  const statements = resultsOf(operator.program);
  const node = statements.includes(name) ? tensors.get(name) : undefined;
  if (!node) throw new DocumentError(document, path, `found "${name}", which names no statement; ${nearestNames(name, statements)}`);
  const format = codeOf(operator, name);
  if (format === undefined ? node.type.kind !== 'number' : node.type.format !== format)
    throw new DocumentError(
      document,
      path,
      `found ${described(node.type)}, must be ${format === undefined ? 'a number' : `a code of ${format}`}`,
    );
  return node;
}

function described({ kind, format }: TensorType): string {
  return kind === 'code' ? `a code of ${format}: name it under "codes"` : `a ${kind}`;
}

/** Statements that lead to scores; an unfused kernel stores them (numeric profile: `scores`). */
const scoreStatements = memoised((program: Operator['program']): ReadonlySet<string> => {
  const statements = plainStatements(program);
  const scores = new Set(statements.flatMap(([, term]) => softmaxOperands(term)).flatMap(namesIn));
  for (let known = -1; known < scores.size; ) {
    known = scores.size;
    for (const [name, term] of statements.toReversed()) if (scores.has(name)) for (const used of namesIn(term)) scores.add(used);
  }
  return scores;
});

function softmaxOperands(term: Term): Term[] {
  if (!Array.isArray(term)) return [];
  const inner = term.flatMap((part) => softmaxOperands(part as Term));
  return term[0] === 'softmax' || term[0] === 'logsumexp' ? [term[1] as Term, ...inner] : inner;
}

function namesIn(term: Term): string[] {
  if (typeof term === 'string') return [term];
  return Array.isArray(term) ? term.slice(1).flatMap((part) => namesIn(part as Term)) : [];
}
