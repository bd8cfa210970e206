import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateExpression } from '../../../spec/expression/evaluate.js';
import { compileTerm, rebuild, type Scope } from '../../../spec/expression/term.js';
import { expressions } from './expressions.js';

const at = { i: 0, j: 0 };
const scope: Scope = {
  constants: new Map([['left', 3]]),
  variables: new Map([
    ['i', { bit: 1, read: () => at.i }],
    ['j', { bit: 2, read: () => at.j }],
  ]),
  tables: new Map([
    ['t', { shape: [3], data: Int32Array.of(5, 6, 7) }],
    ['grid', { shape: [2, 3], data: Uint8Array.of(0, 1, 2, 3, 4, 5) }],
  ]),
};

describe('compileTerm', () => {
  it('has the value that the expression has, wherever its variables are', () => {
    const { number, boolean } = expressions(['i', 'j', 'left']);
    fc.assert(
      fc.property(fc.oneof(number, boolean), fc.nat(9), fc.nat(9), (e, i, j) => {
        const term = compileTerm(e, scope);
        const rebuilt = rebuild(term, () => undefined);
        Object.assign(at, { i, j });
        const value = evaluateExpression(e, (name) => ({ i, j, left: 3 })[name] as number);
        expect(term.evaluate()).toBe(value);
        expect(rebuilt()).toBe(value);
      }),
    );
  });

  it('knows what it reads, and evaluates at once what reads nothing', () => {
    expect(compileTerm(['+', 'i', 'left'], scope).reads).toBe(1);
    expect(compileTerm(['+', 'i', ['at', 't', 'j']], scope).reads).toBe(3);
    expect(compileTerm(['*', 'left', 2], scope)).toMatchObject({ operation: 'number', reads: 0 });
  });

  it('looks tables up, and finds no number outside of them or between their cells', () => {
    const value = (i: number, j: number, e: Parameters<typeof compileTerm>[0]) => {
      Object.assign(at, { i, j });
      return compileTerm(e, scope).evaluate();
    };
    expect(value(2, 0, ['at', 't', 'i'])).toBe(7);
    expect(value(1, 2, ['at', 'grid', 'i', 'j'])).toBe(5);
    for (const i of [-1, 3, 0.5, NaN]) expect(value(i, 0, ['at', 't', 'i'])).toBeNaN();
    for (const [i, j] of [
      [0, 3],
      [1, -1],
      [2, 0],
      [0.5, 1],
      [0, 0.5],
    ])
      expect(value(i, j, ['at', 'grid', 'i', 'j'])).toBeNaN();
  });

  it('computes parts that are replaced elsewhere', () => {
    const term = compileTerm(['<', ['+', 'i', 1], 'j'], scope);
    Object.assign(at, { i: 0, j: 5 });
    expect(term.evaluate()).toBe(1);
    expect(rebuild(term, (part) => (part.operation === '+' ? () => 9 : undefined))()).toBe(0);
  });

  it('refuses names that the scope lacks', () => {
    expect(() => compileTerm('k', scope)).toThrow(TypeError);
    expect(() => compileTerm(['at', 'other', 1], scope)).toThrow(TypeError);
  });
});
