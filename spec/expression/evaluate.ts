import type { Expression } from '../types/documents.js';
import { operations } from './operations.js';

/** Evaluates an expression without tables; booleans are 1 and 0. @throws {TypeError} */
export function evaluateExpression(expression: Expression, lookup: (name: string) => number): number {
  if (typeof expression === 'number') return expression;
  if (typeof expression === 'string') return lookup(expression);
  const operation = operations.get(expression[0] as string);
  if (!operation) throw new TypeError(`${JSON.stringify(expression[0])} is no operation on numbers`);
  let value = evaluateExpression(expression[1], lookup);
  if (expression.length === 2) return operation.apply(value, value);
  for (let x = 2; x < expression.length; x++) value = operation.apply(value, evaluateExpression(expression[x], lookup));
  return value;
}
