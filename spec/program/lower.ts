import { checkExpression } from '../expression/check.js';
import { evaluateExpression } from '../expression/evaluate.js';
import { DocumentError } from '../lib/documents.js';
import { nearestNames } from '../lib/nearest.js';
import { preview } from '../lib/preview.js';
import type { Expression, Macro, Term } from '../types/documents.js';
import type { Graph, Node } from './graph.js';
import { sliceOf } from './loops/slice.js';
import { expandMacro, macros } from './macros.js';
import { type AttributeRule, type Parameter, type Primitive, TermError } from './primitive.js';
import { primitives } from './registry.js';

/** Meaning of the names in a term. */
export interface Scope {
  readonly tensors: ReadonlyMap<string, Node>;
  /** Numbers by name: `$option` and `#axis`. */
  readonly scalars: ReadonlyMap<string, number>;
  /** Words for choice attributes: `$emptyOutput` and `$emptyLse`. */
  readonly words: ReadonlyMap<string, string>;
  /** Names allowed in `when`: the mask, optional tensors, options without a default. */
  readonly conditions: ReadonlySet<string>;
  readonly absent: ReadonlySet<string>;
  readonly places?: readonly Place[];
}

/** Position along an axis at which a loop reads every tensor that has the axis. */
export interface Place {
  readonly axis: string;
  readonly index: number;
  readonly onUse?: () => void;
}

type Attributes = Record<string, string | number | boolean>;

const deepest = 32;

/**
 * Adds a term to the graph.
 * @param path of the term.
 * @throws {DocumentError} at the first fault.
 */
export function lowerTerm(graph: Graph, scope: Scope, term: Term, document: string, path: string): Node {
  return new Lowering(graph, scope, document).term(term, path, 1);
}

/** Evaluates a scalar term. @throws {DocumentError} if it is not a number. */
export function lowerNumber(graph: Graph, scope: Scope, term: Term, document: string, path: string): number {
  return new Lowering(graph, scope, document).scalar(term, path);
}

class Lowering {
  constructor(
    private readonly graph: Graph,
    private readonly scope: Scope,
    private readonly document: string,
  ) {}

  term(term: Term, path: string, depth: number): Node {
    if (depth > deepest) this.fault(path, `terms nest at most ${deepest} deep`);
    if (typeof term === 'number') return this.graph.constant(term);
    if (typeof term === 'string') return this.named(term, path);
    if (!Array.isArray(term)) return this.fault(path, `found ${preview(term)}, must be a number, a name, or [primitive, operand, …]`);
    if (term[0] === 'when') return this.when(term as Term[], path, depth);
    return this.application(term as Term[], path, depth);
  }

  private named(name: string, path: string): Node {
    const { tensors, scalars, absent } = this.scope;
    const tensor = tensors.get(name);
    if (tensor) return this.seen(tensor);
    const scalar = scalars.get(name);
    if (scalar !== undefined) return this.graph.constant(scalar);
    if (absent.has(name)) this.fault(path, `"${name}" may be absent: use it under ["when", "${name}", …]`);
    return this.fault(
      path,
      `found "${name}", which names no tensor or number; ${nearestNames(name, [...tensors.keys(), ...scalars.keys()])}`,
    );
  }

  private seen(tensor: Node): Node {
    let node = tensor;
    for (const { axis, index, onUse } of this.scope.places ?? []) {
      if (!node.type.axes.includes(axis)) continue;
      onUse?.();
      node = sliceOf(this.graph, node, axis, index);
    }
    return node;
  }

  private when(term: Term[], path: string, depth: number): Node {
    const { conditions, absent } = this.scope;
    const [, condition, yes, no] = term;
    if (term.length !== 4) this.fault(path, `"when" takes a condition and two terms, found ${term.length - 1} operands`);
    if (typeof condition !== 'string' || !conditions.has(condition)) {
      this.fault(
        `${path}[1]`,
        `found ${preview(condition)}, must be the mask, an optional tensor, or an option without a default; ${nearestNames(word(condition), conditions)}`,
      );
    }
    return absent.has(condition) ? this.term(no, `${path}[3]`, depth + 1) : this.term(yes, `${path}[2]`, depth + 1);
  }

  private application([name, ...rest]: Term[], path: string, depth: number): Node {
    const macro = typeof name === 'string' ? macros.get(name) : undefined;
    if (macro) return this.macro(macro, rest, path, depth);
    const primitive = typeof name === 'string' ? primitives.get(name) : undefined;
    if (name === 'fold' || name === 'repeat')
      this.fault(
        `${path}[0]`,
        `"${name}" cannot stand inside a term; make it a statement: ["name", ["${name}", …, states, statements, results]]`,
      );
    if (!primitive) {
      return this.fault(
        `${path}[0]`,
        `found ${preview(name)}, which names no primitive; ${nearestNames(word(name), [...primitives.keys(), ...macros.keys(), 'when'])}`,
      );
    }
    const last = rest.at(-1);
    const given = typeof last === 'object' && !Array.isArray(last) && last !== null ? (last as Attributes) : undefined;
    const places = given ? rest.slice(0, -1) : rest;
    const operands: Record<string, Node> = {};
    const scalars: Record<string, number> = {};
    const axes: string[] = [];
    const attributes: Record<string, string | boolean> = {};
    this.requireCount(primitive, places.length, path);
    for (let i = 0; i < places.length; i++) {
      const place = places[i];
      const parameter = primitive.parameters[Math.min(i, primitive.parameters.length - 1)];
      const at = `${path}[${i + 1}]`;
      if (parameter.kind === 'axis' || parameter.kind === 'axes') axes.push(this.axis(place, at));
      else if (parameter.kind === 'scalar') scalars[parameter.name] = this.scalar(place, at);
      else if (parameter.kind === 'expression') attributes[parameter.name] = this.expression(place, places.slice(i + 1), at);
      else operands[parameter.name] = this.tensor(parameter, place, at, depth);
    }
    for (const key in given) this.attribute(primitive, key, given[key], `${path}[${rest.length}].${key}`, operands, attributes);
    try {
      return this.seen(this.graph.apply({ primitive, operands, scalars, axes, attributes }));
    } catch (error) {
      if (error instanceof TermError) return this.fault(path, error.message);
      throw error;
    }
  }

  private macro(macro: Macro, operands: readonly Term[], path: string, depth: number): Node {
    const { name, parameters } = macro;
    if (operands.length !== parameters.length)
      this.fault(path, `"${name}" takes ${parameters.join(', ')}: ${parameters.length}, found ${operands.length}`);
    return this.term(expandMacro(macro, operands), path, depth + 1);
  }

  private requireCount({ name, parameters }: Primitive, found: number, path: string): void {
    const open = parameters.at(-1)?.kind === 'axes';
    if (found === parameters.length || (open && found > parameters.length)) return;
    this.fault(
      path,
      `"${name}" takes ${parameters.map((p) => p.name).join(', ')}${open ? ', …' : ''}: ${parameters.length}${open ? ' or more' : ''}, found ${found}`,
    );
  }

  private tensor(parameter: Parameter, term: Term, path: string, depth: number): Node {
    const node = this.term(term, path, depth + 1);
    if (parameter.kind !== 'any' && node.type.kind !== parameter.kind)
      this.fault(path, `found a ${node.type.kind}, must be a ${parameter.kind}`);
    return parameter.stored ? this.graph.stored(node, parameter.stored) : node;
  }

  private axis(term: Term, path: string): string {
    const { sizes } = this.graph;
    if (typeof term === 'string' && Object.hasOwn(sizes, term)) return term;
    return this.fault(path, `found ${preview(term)}, which is not an axis; ${nearestNames(word(term), Object.keys(sizes))}`);
  }

  scalar(term: Term, path: string): number {
    if (typeof term === 'number' && Number.isFinite(term)) return term;
    const { scalars } = this.scope;
    checkExpression(term as Expression, { values: scalars.keys(), tables: [] }, this.document, path, 'number');
    const value = evaluateExpression(term as Expression, (name) => scalars.get(name) as number);
    return Number.isFinite(value) ? value : this.fault(path, `${preview(term)} is ${value} here, must be a finite number`);
  }

  /** Condition as JSON with the values of names, so that equal conditions have equal texts. */
  private expression(term: Term, axes: readonly Term[], path: string): string {
    const { scalars } = this.scope;
    const indices = axes.filter((axis) => typeof axis === 'string');
    checkExpression(term as Expression, { values: [...scalars.keys(), ...indices, 'offset'], tables: [] }, this.document, path, 'boolean');
    const withNumbers = (part: Term): Term => {
      if (Array.isArray(part)) return part.map((inner) => withNumbers(inner as Term)) as Term;
      return typeof part === 'string' ? (scalars.get(part) ?? part) : part;
    };
    return JSON.stringify(withNumbers(term));
  }

  private attribute(
    primitive: Primitive,
    key: string,
    value: unknown,
    path: string,
    operands: Record<string, Node>,
    attributes: Record<string, string | boolean>,
  ): void {
    const rules = primitive.attributes ?? {};
    if (!Object.hasOwn(rules, key))
      this.fault(path, `"${primitive.name}" has no attribute "${key}"; ${nearestNames(key, Object.keys(rules))}`);
    const rule: AttributeRule = rules[key];
    if (rule.kind === 'flag') {
      if (typeof value !== 'boolean') this.fault(path, `found ${preview(value)}, must be true or false`);
      attributes[key] = value;
    } else if (rule.kind === 'choice') attributes[key] = this.choice(rule.choices, value, path);
    else if (typeof value !== 'string') this.fault(path, `found ${preview(value)}, must be the name of a tensor`);
    else if (!this.scope.absent.has(value)) operands[key] = this.tensor({ name: key, kind: rule.kind }, value, path, 1);
  }

  private choice(choices: readonly string[], value: unknown, path: string): string {
    const { words } = this.scope;
    const word = typeof value === 'string' ? (words.get(value) ?? value) : undefined;
    if (word !== undefined && choices.includes(word)) return word;
    return this.fault(path, `found ${preview(value)}, allowed: ${[...choices, ...words.keys()].join(', ')}`);
  }

  private fault(path: string, problem: string): never {
    throw new DocumentError(this.document, path, problem);
  }
}

function word(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
