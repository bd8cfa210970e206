import { describe, expect, it } from 'vitest';
import { evaluateProgram } from '../../../spec/program/run.js';
import type { Operator, Term } from '../../../spec/types/documents.js';
import { faultOfOperator, inputsFor, operatorWith, programOf } from './fixtures.js';

/** Faults of o = a term over p [b, hk, g, m, n], k [b, hk, n, d] and v [b, hk, n, e]. */
function faultOf(term: Term, more: Partial<Operator> = {}): string | undefined {
  const operator = operatorWith(
    [
      ['s', ['dot', 'q', 'k', 'd']],
      ['p', ['softmax', 's', 'n', { where: 'mask' }]],
      ['o', term],
    ],
    more,
  );
  return faultOfOperator(operator);
}

const pairs: Term = ['dot', ['rename', 'p', 'n', 'n2'], ['rename', 'v', 'n', 'n2'], 'n2'];

describe('rename', () => {
  it('puts numbers and booleans along another axis, and keeps their order', () => {
    const operator = programOf(
      { x: ['m', 'n'] },
      [
        ['y', ['rename', 'x', 'm', 'k']],
        ['out', ['where', ['rename', ['positive', 'x'], 'm', 'k'], 'y', 0]],
      ],
      ['y', 'out'],
    );
    const inputs = inputsFor(operator, { sizes: { m: 2, n: 3, k: 2 } });
    const { y, out } = evaluateProgram(operator, inputs);
    expect(y.axes).toEqual(['k', 'n']);
    expect(y.value).toEqual(inputs.tensors.x.value);
    expect([...out.value]).toEqual([...inputs.tensors.x.value].map((x) => Math.max(0, x)));
  });

  it('keeps what is known of a softmax: a contraction over its axis has the same bound', () => {
    const program = (term: Term) =>
      programOf({ x: ['m', 'n'], v: ['n', 'e'] }, [
        ['p', ['softmax', 'x', 'n']],
        ['out', term],
      ]);
    const bound = (term: Term) => {
      const operator = program(term);
      return evaluateProgram(operator, inputsFor(operator, { sizes: { m: 2, n: 5, n2: 5, e: 3 }, dtype: 'f32', spread: { v: [1, 100] } }))
        .out.bound;
    };
    expect(bound(pairs)).toEqual(bound(['dot', 'p', 'v', 'n']));
    expect(bound(['dot', ['stop', 'p'], 'v', 'n'])).toEqual(bound(['dot', 'p', 'v', 'n']));
  });

  it('is sound between axes that have one size in every case', () => {
    expect(faultOf(pairs, { axes: { n2: { same: 'n' } } })).toBeUndefined();
    expect(faultOf(['dot', 'p', ['rename', ['rename', 'v', 'n', 'm'], 'm', 'n'], 'n'], { tied: [['m', 'n']] })).toBeUndefined();
    const computed = { c: { size: ['+', '#n', 1] }, c2: { size: ['+', '#n', 1] } } as Operator['axes'];
    const other = ['rename', ['expand', 'v', 'c'], 'c', 'c2'];
    expect(faultOf(['dot', 'p', ['sum', other as Term, 'c2'], 'n'], { axes: computed })).toBeUndefined();
  });

  it.each<[string, Term, RegExp]>([
    ['axes whose sizes may differ', pairs, /axis "n" has size \d+ and "n2" \d+; they must have one size in every case/],
    ['an axis that is not there', ['dot', 'p', ['rename', 'v', 'm', 'n'], 'n'], /no axis "m"/],
    ['an axis that is there already', ['dot', 'p', ['rename', 'v', 'e', 'n'], 'n'], /already has axis "n"/],
    ['the axis itself', ['dot', 'p', ['rename', 'v', 'n', 'n'], 'n'], /already has axis "n"/],
    ['a word that is no axis', ['dot', 'p', ['rename', 'v', 'n', 'tokens'], 'n'], /"tokens", which is not an axis/],
  ])('refuses %s', (_, term, problem) => {
    expect(faultOf(term, { axes: { n2: { draw: [1, 5] } } })).toMatch(problem);
  });
});
