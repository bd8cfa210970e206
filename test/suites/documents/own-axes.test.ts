import { describe, expect, it } from 'vitest';
import { createLibrary } from '../../../spec/library.js';
import { ownAxes } from '../../../spec/operator/facts.js';
import type { Operator } from '../../../spec/types/documents.js';
import { claimsOfDocument, DocumentCases } from '../../../suites/documents/drawn-problems.js';
import { compareForms } from '../../../suites/documents/second-form.js';
import { operatorWith } from '../../spec/program/fixtures.js';

// scores divided by the number of places within the width, which only the program has an axis for
const sameChannel = ['where', ['predicate', ['=', 'd', 'd2'], 'd', 'd2'], 1, 0];
const document = operatorWith(
  [
    ['place', ['where', ['predicate', ['<=', 0, 'r'], 'r'], 1, 0]],
    ['o', ['dot', ['div', ['dot', 'q', 'k', 'd'], ['sum', 'place', 'r']], 'v', 'n']],
  ],
  {
    axes: { d2: { same: 'd' }, r: { size: ['+', 1, ['*', 2, '$width']] } },
    options: { width: { default: 3, values: [3, 1, 2] } },
    masks: ['full'],
    second: {
      title: 'channels by another name',
      program: [
        ['s', ['dot', ['dot', 'q', sameChannel, 'd'], ['dot', 'k', sameChannel, 'd'], 'd2']],
        ['o', ['scale', ['/', 1, ['+', 1, ['*', 2, '$width']]], ['dot', 's', 'v', 'n']]],
      ],
    },
  },
);

describe('axes that no input has', () => {
  const library = createLibrary([{ kind: 'operator', document: 'mine.json', value: document }]);
  const operator = library.operators.get('mine') as Operator;

  it('are axes of the operator, beside those of its inputs', () => {
    expect(ownAxes(operator)).toEqual(['d2', 'r']);
  });

  it('have sizes in every case, by their rules', () => {
    const cases = new DocumentCases(claimsOfDocument(library, operator), operator, { gradients: true });
    const drawn = Array.from({ length: 20 }, (_, i) => cases.draw(0, i).value);
    for (const { dims, options } of drawn) {
      expect(dims.d2).toBe(dims.d);
      expect(dims.r).toBe(1 + 2 * Number(options.width ?? 3));
    }
    expect(drawn.some(({ dims }) => dims.n > 1 && dims.d > 1)).toBe(true);
  });

  it('are known to both forms', () => {
    expect(compareForms(library, operator, 10)).toMatchObject({ undecided: 0 });
  });

  it('are refused as long as one whose size is computed, which no case would give them', () => {
    const value = { ...document, axes: { ...document.axes, r2: { same: 'r' } } };
    expect(() => createLibrary([{ kind: 'operator', document: 'mine.json', value }])).toThrow(
      'mine.json: at $.axes.r2: found "r", whose size is computed; compute this one too: {"size":["+",1,["*",2,"$width"]]}',
    );
  });
});
