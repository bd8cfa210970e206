import { describe, expect, it } from 'vitest';
import { problemOf } from '../../../generators/problem.js';
import { createLibrary } from '../../../spec/library.js';
import { dialectBeyondPrograms, interpret } from '../../../spec/program/interpret.js';
import { buildFor } from '../../../spec/program/run.js';
import type { Operator } from '../../../spec/types/documents.js';
import { claimsOfDocument, DocumentCases } from '../../../suites/documents/drawn-problems.js';
import { runsOf, someOperators } from '../../some.js';
import { inputsFor, operatorNamed, programOf } from './fixtures.js';

const library = createLibrary();

describe('a program that was built for another problem', () => {
  it.each(someOperators())('%s: gives what one gives that is built for the problem', (name) => {
    const operator = library.operators.get(name) as Operator;
    const claims = claimsOfDocument(library, operator);
    const cases = new DocumentCases(claims, operator, { gradients: true });
    for (let index = 0; index < runsOf(12, 40); index++) {
      const problem = problemOf(claims, cases.draw(index, 0).value, true);
      if (dialectBeyondPrograms(problem)) continue;
      // a copy of the document has no program yet
      const built = { ...problem, operator: structuredClone(problem.operator) };
      for (const gradients of [false, true]) expect(interpret(problem, gradients)).toEqual(interpret(built, gradients));
    }
  });
});

describe('buildFor', () => {
  const sizes = { b: 1, hk: 2, g: 1, m: 3, n: 4, d: 5, e: 6 };
  const softmax = operatorNamed('softmax');
  const graphOf = (operator: Operator, more: Partial<typeof sizes> = {}, options = {}) =>
    buildFor(operator, inputsFor(operator, { sizes: { ...sizes, ...more }, options })).graph;

  it('keeps a graph that depends on no size that differs', () => {
    expect(graphOf(softmax, { m: 7, n: 9 })).toBe(graphOf(softmax));
  });

  it('builds one for every number, word and tensor on which it depends', () => {
    const rows = graphOf(softmax);
    expect(graphOf(softmax, { d: 4 })).not.toBe(rows);
    expect(graphOf(softmax, {}, { scale: 2 })).not.toBe(rows);
    expect(graphOf(softmax, {}, { scale: 3 })).not.toBe(graphOf(softmax, {}, { scale: 2 }));
    expect(graphOf(softmax, {}, { emptyOutput: 'nan' })).not.toBe(rows);
    const sinks = inputsFor(softmax, { sizes, present: ['sink'] });
    expect(buildFor(softmax, sinks).graph).not.toBe(rows);
  });

  it('tells 0 from −0', () => {
    expect(graphOf(softmax, {}, { scale: -0 })).not.toBe(graphOf(softmax, {}, { scale: 0 }));
  });

  it('unrolls a loop for each of its lengths', () => {
    const delta = operatorNamed('delta');
    expect(graphOf(delta, { n: 3, m: 3 }).nodes.length).toBeLessThan(graphOf(delta, { n: 8, m: 8 }).nodes.length);
    expect(graphOf(delta, { n: 3, m: 3, e: 2 })).toBe(graphOf(delta, { n: 3, m: 3, e: 7 }));
  });

  it('refuses sizes that do not fit, also where a graph of others is kept', () => {
    const renamed = programOf({ x: ['m', 'n'] }, [['y', ['rename', 'x', 'm', 'k']]]);
    const of = (k: number) => buildFor(renamed, inputsFor(renamed, { sizes: { m: 2, n: 3, k } }));
    of(2);
    expect(() => of(3)).toThrow('axis "m" has size 2 and "k" 3');
  });
});
