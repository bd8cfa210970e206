import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DocumentError } from '../../../spec/lib/documents.js';
import { evaluateProgram, type ProgramTensor } from '../../../spec/program/run.js';
import type { Term } from '../../../spec/types/documents.js';
import { inputsFor, programOf } from './fixtures.js';

/** Which of these are chosen: 1 and 0, and whether that is decided. */
function chosen(values: readonly number[], term: Term, errors?: readonly number[]): { chosen: number[]; open: boolean[] } {
  const operator = programOf({ x: ['n'] }, [['out', ['where', term, 1, 0]]]);
  const sizes = { n: values.length };
  const x: ProgramTensor = {
    axes: ['n'],
    value: Float64Array.from(values),
    ...(errors && { bound: Float64Array.from(errors) }),
  };
  const { out } = evaluateProgram(operator, { ...inputsFor(operator, { sizes }), tensors: { x } });
  return { chosen: [...out.value], open: values.map((_, at) => (out.bound?.[at] ?? 0) > 0) };
}

describe('topk', () => {
  it('chooses the largest of each block', () => {
    expect(chosen([3, 1, 2, 9, 7, 8, 5], ['topk', 'x', 'n', 2, 3]).chosen).toEqual([1, 0, 1, 1, 0, 1, 1]);
    expect(chosen([3, 1, 2], ['topk', 'x', 'n', 0, 3]).chosen).toEqual([0, 0, 0]);
  });

  it('counts only what `where` keeps', () => {
    const term: Term = ['topk', 'x', 'n', 1, 4, { where: 'kept' }];
    const operator = programOf({ x: ['n'] }, [
      ['kept', ['predicate', ['<=', 2, 'n'], 'n']],
      ['out', ['where', term, 1, 0]],
    ]);
    const x = { axes: ['n'], value: Float64Array.of(9, 8, 1, 2, 0) };
    expect([...evaluateProgram(operator, { ...inputsFor(operator, { sizes: { n: 5 } }), tensors: { x } }).out.value]).toEqual([
      0, 0, 0, 1, 1,
    ]);
  });

  it('leaves a tie for the last place undecided, with all of it chosen', () => {
    expect(chosen([2, 1, 1, 0], ['topk', 'x', 'n', 2, 4])).toEqual({ chosen: [1, 1, 1, 0], open: [false, true, true, false] });
    expect(chosen([2, 1, 1, 0], ['topk', 'x', 'n', 3, 4]).open).toEqual([false, false, false, false]);
    expect(chosen([2, NaN, 1, 0], ['topk', 'x', 'n', 2, 4]).open[1]).toBe(true);
  });

  it('leaves what errors could turn round undecided', () => {
    expect(chosen([2, 1, 0.9], ['topk', 'x', 'n', 2, 3], [0, 0.05, 0.1])).toEqual({ chosen: [1, 1, 1], open: [false, true, true] });
  });

  it('leaves a softmax, its sum and another choice among undecided elements undecided, row by row', () => {
    const operator = programOf(
      { x: ['m', 'n'] },
      [
        ['chosen', ['topk', 'x', 'n', 1, 3]],
        ['p', ['softmax', 'x', 'n', { where: 'chosen' }]],
        ['lse', ['logsumexp', 'x', 'n', { where: 'chosen' }]],
        ['mean', ['dot', 'p', 'x', 'n']],
        ['again', ['where', ['topk', 'x', 'n', 2, 3, { where: 'chosen' }], 1, 0]],
      ],
      ['p', 'lse', 'mean', 'again'],
    );
    const x: ProgramTensor = { axes: ['m', 'n'], value: Float64Array.of(2, 2, 1, 3, 2, 1) };
    const { p, lse, mean, again } = evaluateProgram(operator, { ...inputsFor(operator, { sizes: { m: 2, n: 3 } }), tensors: { x } });
    const open = ({ bound }: ProgramTensor) => Array.from(bound ?? [], (e) => e === Infinity);
    expect(open(p)).toEqual([true, true, false, false, false, false]);
    expect(open(lse)).toEqual([true, false]);
    expect(open(mean)).toEqual([true, false]);
    expect(Array.from(again.value)).toEqual([1, 1, 0, 1, 0, 0]);
    expect(Array.from(again.bound ?? [], (e) => e > 0)).toEqual([true, true, false, false, false, false]);
  });

  it('decides nothing that another order of values within their errors would not', () => {
    const element = fc.record({
      x: fc.integer({ min: -4, max: 4 }),
      e: fc.constantFrom(0, 0.4, 1),
      shift: fc.double({ min: -1, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.array(element, { minLength: 1, maxLength: 7 }),
        fc.integer({ min: 0, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        (list, k, block) => {
          const term: Term = ['topk', 'x', 'n', k, block];
          const { chosen: found, open } = chosen(
            list.map(({ x }) => x),
            term,
            list.map(({ e }) => e),
          );
          const moved = chosen(
            list.map(({ x, e, shift }) => x + e * shift),
            term,
          );
          found.forEach((value, at) => {
            if (!open[at] && !moved.open[at]) expect(moved.chosen[at]).toBe(value);
          });
        },
      ),
    );
  });

  it.each<[string, Term, RegExp]>([
    ['another axis', ['topk', 'x', 'd', 1, 1], /no axis "d"/],
    ['part of an element', ['topk', 'x', 'n', 0.5, 1], /0\.5 elements/],
    ['blocks of nothing', ['topk', 'x', 'n', 1, 0], /blocks of 0/],
    ['a condition along another axis', ['topk', 'x', 'n', 1, 1, { where: 'foreign' }], /"where" has axis "d"/],
  ])('refuses %s', (_, term, message) => {
    const operator = programOf({ x: ['n'], y: ['d'] }, [
      ['foreign', ['positive', 'y']],
      ['out', ['where', term, 'x', ['where', 'foreign', 'x', 'y']]],
    ]);
    const error = (() => {
      try {
        evaluateProgram(operator, inputsFor(operator, { sizes: { n: 2, d: 2 } }));
      } catch (e) {
        return e as DocumentError;
      }
    })();
    expect(error?.message).toMatch(message);
  });
});
