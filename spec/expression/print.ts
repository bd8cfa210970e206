import type { Expression } from '../types/documents.js';

/** Precedence of each operator; larger numbers bind tighter. */
const levels: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  not: 3,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
};
const atom = 7;

/** Expression in infix notation: `i - j < left and document[i] = document[j]`. */
export function printExpression(expression: Expression): string {
  return print(expression, 0);
}

function print(e: Expression, around: number): string {
  if (typeof e === 'number') return e < 0 && around > levels['+'] ? `(${e})` : String(e);
  if (typeof e === 'string') return e;
  const name = e[0] as string;
  const operands = e.slice(1);
  if (name === 'at')
    return `${print(operands[0], atom)}[${operands
      .slice(1)
      .map((x) => print(x, 0))
      .join(', ')}]`;
  const level = levels[name];
  if (level === undefined) return `${name}(${operands.map((x) => print(x, 0)).join(', ')})`;
  const text =
    name === 'not'
      ? `not ${print(operands[0], level + 1)}`
      : // operands after the first bind tighter: a - (b - c); comparisons do not chain
        operands.map((x, place) => print(x, place === 0 && level !== levels['='] ? level : level + 1)).join(` ${name} `);
  return level < around ? `(${text})` : text;
}
