import { describe, expect, it } from 'vitest';
import { evaluateExpression } from '../../../spec/expression/evaluate.js';
import type { Expression } from '../../../spec/types/documents.js';

const sizes: Record<string, number> = { '#d': 64, n: 10, i: 7 };
const evaluate = (e: Expression) => evaluateExpression(e, (name) => sizes[name]);

describe('evaluateExpression', () => {
  it.each<[Expression, number]>([
    [3.5, 3.5],
    ['n', 10],
    [['/', 1, ['sqrt', '#d']], 0.125],
    [['+', 1, 2, 3, 'n'], 16],
    [['-', ['-', 'n', 'i'], 1], 2],
    [['*', 2, 3, 4], 24],
    [['min', 5, 'i', 6], 5],
    [['max', 5, 'i', 6], 7],
    [['floor', ['/', 'i', 2]], 3],
    [['mod', 'i', 4], 3],
    [['mod', -1, 4], 3],
    [['mod', -8, 4], 0],
    [['mod', 'i', 2.5], 2],
    [['mod', 'i', 0], Number.NaN],
    [['abs', ['-', 'i', 'n']], 3],
    [['abs', 'i'], 7],
    [['log2', 1], 0],
    [['log2', 0], Number.NEGATIVE_INFINITY],
    [['pow', 2, -3], 0.125],
    [['pow', 'n', 2], 100],
    [['<', 'i', 'n'], 1],
    [['<', 'n', 'n'], 0],
    [['<=', 'n', 'n'], 1],
    [['>', 'i', 'n'], 0],
    [['>=', 'n', 'n'], 1],
    [['=', 'i', 7], 1],
    [['and', ['<', 1, 2], ['<', 2, 3], ['<', 3, 3]], 0],
    [['or', ['<', 2, 1], ['<', 3, 2], ['<', 2, 3]], 1],
    [['not', ['<', 2, 1]], 1],
  ])('%j is %d', (expression, value) => {
    expect(evaluate(expression)).toBe(value);
  });

  it('counts the bits of an integer by log2, and powers of two by pow, exactly', () => {
    for (let bits = 0; bits <= 30; bits++) {
      const power = 2 ** bits;
      expect(evaluate(['log2', power])).toBe(bits);
      expect(evaluate(['pow', 2, bits])).toBe(power);
      for (const x of [power, power + 1, 2 * power - 1]) {
        expect(evaluate(['floor', ['log2', x]])).toBe(31 - Math.clz32(x));
      }
    }
  });

  it('holds no comparison with what is no number', () => {
    for (const relation of ['<', '<=', '>', '>=', '=']) expect(evaluate([relation, ['/', 0, 0], 1])).toBe(0);
  });

  it('refuses an operation that it does not know', () => {
    expect(() => evaluate(['at', 'table', 1])).toThrow(TypeError);
  });
});
