import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateExpression } from '../../../spec/expression/evaluate.js';
import { printExpression } from '../../../spec/expression/print.js';
import type { Expression } from '../../../spec/types/documents.js';
import { expressions } from './expressions.js';

describe('printExpression', () => {
  it.each<[Expression, string]>([
    [['<=', 'j', ['+', 'i', 'offset']], 'j <= i + offset'],
    [['-', ['-', 'i', 'j'], 1], 'i - j - 1'],
    [['-', 'i', ['-', 'j', 1]], 'i - (j - 1)'],
    [['*', ['+', 'i', 1], 'block'], '(i + 1) * block'],
    [['/', 1, ['sqrt', '#d']], '1 / sqrt(#d)'],
    [['and', ['or', ['<', 'i', 1], ['<', 'j', 1]], ['not', ['=', 'i', 'j']]], '(i < 1 or j < 1) and not i = j'],
    [['or', ['and', ['<', 'i', 1], ['<', 'j', 1]], ['>', 'i', 'j']], 'i < 1 and j < 1 or i > j'],
    [['not', ['and', ['<', 'i', 1], ['<', 'j', 1]]], 'not (i < 1 and j < 1)'],
    [['at', 'blocks', ['floor', ['/', 'i', 4]], 'j'], 'blocks[floor(i / 4), j]'],
    [['min', 'i', 'j', 3], 'min(i, j, 3)'],
    [['-', ['mod', ['+', 'i', 'offset'], 'width'], ['mod', 'j', 'width']], 'mod(i + offset, width) - mod(j, width)'],
    [['pow', 2, ['floor', ['log2', ['abs', ['-', 'i', 'j']]]]], 'pow(2, floor(log2(abs(i - j))))'],
    [['*', 'i', -1], 'i * (-1)'],
    [['=', 'left', -1], 'left = -1'],
  ])('%j', (expression, text) => {
    expect(printExpression(expression)).toBe(text);
  });

  it('loses nothing: read back by the rules of precedence, the text has the value of the expression', () => {
    const { number, boolean } = expressions(['i', 'j'], ['t']);
    const worth = (e: Expression) => evaluateExpression(withoutTables(e), (name) => ({ i: 3, j: 5 })[name] as number);
    fc.assert(
      fc.property(fc.oneof(number, boolean), (e) => {
        const text = printExpression(e);
        expect(worth(read(text)), text).toBe(worth(e));
      }),
      { numRuns: 500 },
    );
  });
});

/** A lookup as a sum that no other expression makes. */
function withoutTables(e: Expression): Expression {
  if (!Array.isArray(e)) return e;
  return e[0] === 'at' ? ['+', 1000, withoutTables(e[2])] : e.map(withoutTables);
}

const levels = [['or'], ['and'], ['not'], ['<', '<=', '>', '>=', '='], ['+', '-'], ['*', '/']];

/** Precedence climbing over the printed form. */
function read(text: string): Expression {
  const tokens = text.match(/[\w.]+(e[+-]\d+)?|[<>]=?|[-+*/=(),[\]]/g) ?? [];
  const take = () => tokens.shift() as string;

  function operation(level: number): Expression {
    if (level === levels.length) return operand();
    if (levels[level][0] === 'not') return tokens[0] === 'not' ? [take(), operation(level + 1)] : operation(level + 1);
    let e = operation(level + 1);
    while (tokens[0] !== undefined && levels[level].includes(tokens[0])) e = [take(), e, operation(level + 1)];
    return e;
  }

  function operand(): Expression {
    const token = take();
    if (token === '-') return -Number(take());
    if (token === '(') return enclosed(')')[0];
    if (tokens[0] === '(' && take()) return [token, ...enclosed(')')];
    if (tokens[0] === '[' && take()) return ['at', token, ...enclosed(']')];
    return Number.isNaN(Number(token)) ? token : Number(token);
  }

  function enclosed(end: string): Expression[] {
    const found = [operation(0)];
    while (take() !== end) found.push(operation(0));
    return found;
  }

  return operation(0);
}
