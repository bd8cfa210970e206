import type { Expression } from '../types/documents.js';
import { operations } from './operations.js';

/** Table of numbers, row-major. */
export interface Table {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** Variable of a compiled expression. */
export interface Variable {
  /** Bit in `Term.reads`. */
  readonly bit: number;
  readonly read: () => number;
}

/** Meaning of the names in an expression. */
export interface Scope {
  readonly constants: ReadonlyMap<string, number>;
  readonly variables: ReadonlyMap<string, Variable>;
  readonly tables: ReadonlyMap<string, Table>;
}

/** Compiled expression, evaluated at the current values of its variables. */
export interface Term {
  /** Name of the operation or variable; `number` for a constant. */
  readonly operation: string;
  readonly operands: readonly Term[];
  readonly table?: Table;
  readonly reads: number;
  readonly evaluate: () => number;
}

/** Compiles a checked expression. A lookup outside its table gives NaN. @throws {TypeError} */
export function compileTerm(expression: Expression, scope: Scope): Term {
  if (typeof expression === 'number') return constant(expression);
  if (typeof expression === 'string') {
    const value = scope.constants.get(expression);
    if (value !== undefined) return constant(value);
    const variable = scope.variables.get(expression);
    if (!variable) throw new TypeError(`"${expression}" names no value`);
    return { operation: expression, operands: [], reads: variable.bit, evaluate: variable.read };
  }
  const operation = expression[0] as string;
  const table = operation === 'at' ? scope.tables.get(expression[1] as string) : undefined;
  const operands = expression.slice(operation === 'at' ? 2 : 1).map((operand) => compileTerm(operand, scope));
  const reads = operands.reduce((all, operand) => all | operand.reads, 0);
  const evaluate = closure(
    operation,
    operands.map((operand) => operand.evaluate),
    table,
  );
  return reads === 0 ? constant(evaluate()) : { operation, operands, table, reads, evaluate };
}

/** Rebuilds a term; `replace` may return closures for subterms. */
export function rebuild(term: Term, replace: (term: Term) => (() => number) | undefined): () => number {
  const replacement = replace(term);
  if (replacement) return replacement;
  if (term.operands.length === 0) return term.evaluate;
  return closure(
    term.operation,
    term.operands.map((operand) => rebuild(operand, replace)),
    term.table,
  );
}

function constant(value: number): Term {
  return { operation: 'number', operands: [], reads: 0, evaluate: () => value };
}

function closure(name: string, operands: (() => number)[], table: Table | undefined): () => number {
  if (table) return lookup(table, operands);
  const operation = operations.get(name);
  if (!operation) throw new TypeError(`"${name}" is no operation, or has no table`);
  const { apply } = operation;
  const [x, y, ...rest] = operands;
  if (y === undefined) return () => apply(x(), 0);
  return rest.reduce<() => number>(
    (left, right) => () => apply(left(), right()),
    () => apply(x(), y()),
  );
}

function lookup({ shape, data }: Table, indices: (() => number)[]): () => number {
  if (indices.length === 1) {
    const [index] = indices;
    return () => data[index()] ?? NaN;
  }
  return () => {
    let place = 0;
    for (let axis = 0; axis < shape.length; axis++) {
      const index = indices[axis]();
      if (!(index >= 0 && index < shape[axis]) || index % 1 !== 0) return NaN;
      place = place * shape[axis] + index;
    }
    return data[place];
  };
}
