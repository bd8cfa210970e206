import { expect, it } from 'vitest';
import { resolveNumeric } from '../../../spec/numeric/profile.js';
import { evaluateProgram, type ProgramInputs } from '../../../spec/program/run.js';
import type { Operator, Statement } from '../../../spec/types/documents.js';
import { programOf } from './fixtures.js';

/** Why elements of a program over x [n] and y [n] are undecided. @param error of every element of x. */
function causesOf(statements: Statement[], x: readonly number[], error = 0, more: Partial<Operator> = {}): string[] {
  const causes = new Set<string>();
  const [n, axes] = [x.length, ['n']];
  const tensors = {
    x: { axes, shape: [n], value: Float64Array.from(x), bound: new Float64Array(n).fill(error) },
    y: { axes, shape: [n], value: new Float64Array(n).fill(1) },
  };
  const inputs: ProgramInputs = { sizes: { n }, tensors, options: {}, offset: 0, profile: resolveNumeric('f32'), gradients: false };
  evaluateProgram({ ...programOf({ x: axes, y: axes }, statements), ...more }, { ...inputs, causes });
  return [...causes];
}

it.each<[string, Statement[], number[], number]>([
  ['a divisor may be 0', [['o', ['div', 'y', 'x']]], [2, 0.5], 1],
  ['a number may overflow', [['o', ['mul', 'x', 'x']]], [1, 1e20], 0],
  ['an error may change the sign of a number', [['o', ['where', ['positive', 'x'], 1, 0]]], [3, 0.5], 1],
  ['errors may change which elements are the largest', [['o', ['where', ['topk', 'x', 'n', 1, 9], 1, 0]]], [3, 2.5], 1],
  ['scores may err by more than weights can bear', [['o', ['softmax', 'x', 'n']]], [3, 2.5], 1],
  ['the argument of a logarithm may be 0', [['o', ['log', 'x']]], [3, 0.5], 1],
])('%s', (cause, statements, x, error) => {
  expect(causesOf(statements, x, error)).toEqual([cause]);
  // what follows from it has no cause of its own
  const after: Statement = ['p', ['mul', 'o', 'y']];
  expect(causesOf([...statements, after], x, error)).toEqual([cause]);
});

it('names nothing where all is decided', () => {
  expect(causesOf([['o', ['div', 'y', 'x']]], [2, 0.5], 0.1)).toEqual([]);
});

it('counts a code that may be another', () => {
  const encoded: Statement = ['o', ['encode', 'x', { format: 'e4m3' }]];
  const codes: Partial<Operator> = { codes: { o: 'e4m3' } };
  expect(causesOf([encoded], [1, 2], 0.2, codes)).toEqual(['a number may be rounded either way']);
  expect(causesOf([encoded], [1, 2], 0.001, codes)).toEqual([]);
});
