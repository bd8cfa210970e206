import { DocumentError } from '../lib/documents.js';
import { nearestNames } from '../lib/nearest.js';
import { preview } from '../lib/preview.js';
import type { Expression } from '../types/documents.js';
import { type ExpressionType, operations } from './operations.js';

/** Names that an expression may refer to. */
export interface ExpressionNames {
  readonly values: Iterable<string>;
  /** Tables for `at`; a map gives their ranks. */
  readonly tables: Iterable<string> | ReadonlyMap<string, number>;
}

/** Deepest nesting, which limits recursion and the size of a result. */
export const deepestNesting = 32;

/**
 * Checks an expression and returns its type.
 * @param result required type.
 * @throws {DocumentError} at the first fault, with the nearest known names.
 */
export function checkExpression(
  expression: Expression,
  names: ExpressionNames,
  document: string,
  path: string,
  result?: ExpressionType,
): ExpressionType {
  const values = new Set(names.values);
  const ranks = names.tables instanceof Map ? (names.tables as ReadonlyMap<string, number>) : undefined;
  const tables = new Set(ranks ? ranks.keys() : (names.tables as Iterable<string>));

  function fault(at: string, problem: string): never {
    throw new DocumentError(document, at, problem);
  }

  function check(e: Expression, at: string, depth: number, expected?: ExpressionType): ExpressionType {
    if (depth > deepestNesting) fault(at, `expressions nest at most ${deepestNesting} deep`);
    const type = typeOf(e, at, depth);
    if (expected !== undefined && type !== expected) fault(at, `found ${preview(e)}, a ${type}, must be a ${expected}`);
    return type;
  }

  function typeOf(e: Expression, at: string, depth: number): ExpressionType {
    if (typeof e === 'number') return Number.isFinite(e) ? 'number' : fault(at, `found ${e}, must be a finite number`);
    if (typeof e === 'string')
      return values.has(e) ? 'number' : fault(at, `found "${e}", which names no value; ${nearestNames(e, values)}`);
    if (!Array.isArray(e)) return fault(at, `found ${preview(e)}, must be a number, a name, or [operation, operand, …]`);
    const [name, ...operands] = e;
    if (name === 'at') return lookup(operands, at, depth);
    const operation = typeof name === 'string' ? operations.get(name) : undefined;
    if (!operation)
      return fault(
        `${at}[0]`,
        `found ${preview(name)}, which names no operation; ${nearestNames(String(name), [...operations.keys(), 'at'])}`,
      );
    if (operands.length < operation.least || operands.length > operation.most) {
      fault(at, `"${name}" takes ${count(operation.least, operation.most)}, found ${operands.length}`);
    }
    operands.forEach((operand, x) => {
      check(operand, `${at}[${x + 1}]`, depth + 1, operation.operands);
    });
    return operation.result;
  }

  function lookup([table, ...indices]: Expression[], at: string, depth: number): ExpressionType {
    if (typeof table !== 'string' || !tables.has(table))
      fault(`${at}[1]`, `found ${preview(table)}, which names no table; ${nearestNames(String(table), tables)}`);
    const rank = ranks?.get(table);
    if (indices.length === 0 || (rank !== undefined && rank !== indices.length))
      fault(at, `table "${table}" takes ${count(rank ?? 1, rank ?? Infinity)}, found ${indices.length}`);
    indices.forEach((index, x) => {
      check(index, `${at}[${x + 2}]`, depth + 1, 'number');
    });
    return 'number';
  }

  return check(expression, path, 1, result);
}

function count(least: number, most: number): string {
  const n = most === least ? `${least}` : most === Infinity ? `${least} or more` : `${least} to ${most}`;
  return `${n} operand${n === '1' ? '' : 's'}`;
}
