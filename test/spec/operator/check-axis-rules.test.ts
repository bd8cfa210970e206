import { describe, expect, it } from 'vitest';
import { createLibrary } from '../../../spec/library.js';
import { mostDrawnAxes } from '../../../spec/operator/axes.js';
import type { Operator } from '../../../spec/types/documents.js';
import { claimsOfDocument, DocumentCases } from '../../../suites/documents/drawn-problems.js';

const letters = 'acfijlo'.split('');

function load(axes: readonly string[]) {
  const value = {
    name: 'mine',
    family: 'mine',
    version: '1.0.0',
    title: 'A sum over axes of its own',
    formula: 'o = Σ x',
    inputs: { x: ['b', 'm', 'e', ...axes] },
    program: [['o', ['sum', 'x', ...axes]]],
    outputs: { o: ['b', 'm', 'e'] },
  };
  return () => createLibrary([{ kind: 'operator', document: 'mine.json', value }]);
}

it('an operator has at most as many axes that are drawn apart as a case holds', () => {
  expect(letters.length).toBe(mostDrawnAxes + 1);
  expect(load(letters.slice(1))).not.toThrow();
  expect(load(letters)).toThrow(
    /at \$\.axes: found 7 axes with independent sizes, a, c, f, i, j, l, o, must be at most 6; tie some by "same"/,
  );
});

describe('least sizes', () => {
  const withLeast = (least: Record<string, number>) => {
    const document = {
      name: 'mine',
      family: 'mine',
      version: '1.0.0',
      title: 'Numbers over their deviation',
      formula: 'o = x / √var(x)',
      least,
      inputs: { x: ['b', 'm', 'd'] },
      program: [
        ['away', ['sub', 'x', ['scale', ['/', 1, '#d'], ['sum', 'x', 'd']]]],
        ['o', ['div', 'away', ['sqrt', ['sum', ['mul', 'away', 'away'], 'd']]]],
      ],
      outputs: { o: ['b', 'm', 'd'] },
    };
    return createLibrary([{ kind: 'operator', document: 'mine.json', value: document }]);
  };

  it('are sizes of axes that there are', () => {
    expect(() => withLeast({ f: 2 })).toThrow(/at \$\.least\.f: found "f", which is not an axis/);
  });

  it('are kept by every case that is drawn, and by what it shrinks to', () => {
    const library = withLeast({ d: 3 });
    const operator = library.operators.get('mine') as Operator;
    const cases = new DocumentCases(claimsOfDocument(library, operator), operator, {});
    const smallest = cases.smallestFailure(0, 20, (c) => (c.dims.d > 0 ? c.dims.d : undefined));
    expect(smallest?.failure).toBe(3);
    for (let index = 0; index < 40; index++) expect(cases.draw(1, index).value.dims.d).toBeGreaterThanOrEqual(3);
  });
});

describe('rules of sizes', () => {
  const withRule = (rule: object) => {
    const value = {
      name: 'mine',
      family: 'mine',
      version: '1.0.0',
      title: 'A sum over an axis of its own',
      formula: 'o = Σ x',
      inputs: { x: ['b', 'm', 'e', 'z'], y: ['n'] },
      axes: { z: rule },
      program: [
        ['s', ['sum', 'y', 'n']],
        ['o', ['add', 's', ['sum', 'x', 'z']]],
      ],
      outputs: { o: ['b', 'm', 'e'] },
    };
    return createLibrary([{ kind: 'operator', document: 'mine.json', value }]);
  };
  const draw = (library: ReturnType<typeof withRule>) => {
    const operator = library.operators.get('mine') as Operator;
    const cases = new DocumentCases(claimsOfDocument(library, operator), operator, {});
    for (let index = 0; index < 40; index++) cases.draw(1, index);
  };

  it('are drawn from the smallest to the largest, which a case can hold', () => {
    expect(() => withRule({ draw: [5, 1] })).toThrow('at $.axes.z.draw: found [5,1], must be the smallest size, then the largest');
    expect(() => withRule({ draw: [1, 1e9] })).toThrow('at $.axes.z.draw[1]: found 1000000000, must be <= 4096');
  });

  it.each([
    ['no number', ['/', ['-', '#n', '#n'], ['-', '#n', '#n']], 'is NaN'],
    ['less than nothing', ['-', '#n', 2], 'is -1'],
    ['no whole number', ['/', 1, ['-', '#n', 100]], 'is -0.01'],
  ])('are named with the sizes where they give %s', (_, size, found) => {
    const message = `at $.axes.z.size: ${found}`;
    expect(() => draw(withRule({ size }))).toThrow(message);
  });
});
