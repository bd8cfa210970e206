import { expect, it } from 'vitest';
import { createLibrary } from '../../../spec/library.js';
import { mostDrawnAxes } from '../../../spec/operator/axes.js';

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
    /at \$\.axes: found 7 axes that are drawn apart, a, c, f, i, j, l, o, must be at most 6; tie some by "same"/,
  );
});
