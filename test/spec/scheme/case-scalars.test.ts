import { expect, it } from 'vitest';
import { createLibrary } from '../../../spec/library.js';
import { caseScalarsOf } from '../../../spec/scheme/case-scalars.js';
import { checkScheme } from '../../../spec/scheme/check.js';
import { worldOf } from '../../../spec/scheme/world.js';
import type { Case, Scheme } from '../../../spec/types/documents.js';

const library = createLibrary();
const dims = { b: 1, hk: 1, g: 1, m: 10, n: 10, d: 4, e: 1 };
const plain: Case = {
  operator: 'softmax',
  dims,
  mask: { name: 'star', parameters: { block: 2, query: 3 } },
  options: {},
  dtype: 'f32',
  layout: 'bhld',
  values: { distribution: 'normal', seed: 0 },
};

it('has the numbers of the mask, and the options with their defaults', () => {
  expect(caseScalarsOf(library, plain)).toEqual({ scale: 0.5, block: 2, query: 3 });
  expect(caseScalarsOf(library, { ...plain, operator: 'dilated', mask: { name: 'full' }, options: { ratio: 3 } })).toEqual({
    scale: 0.5,
    segment: 4,
    ratio: 3,
    levels: 2,
  });
});

it('has the elements of the state that the operator carries, and those of one packed segment', () => {
  const packed: Case = { ...plain, operator: 'gdn-packed', mask: { name: 'full' }, dims: { ...dims, hk: 2, g: 3, s: 5, t: 10 } };
  expect(caseScalarsOf(library, packed)).toEqual({ scale: 0.5, state: 5 * 2 * 3 * 4 * 1, segmentState: 2 * 3 * 4 * 1 });
});

it('goes into a world under the names that the document lists', () => {
  const star = library.schemes.get('star') as Scheme;
  const { values } = worldOf(star, dims, 2, false, caseScalarsOf(library, plain));
  expect(['query', 'context', 'chunk', 'scale'].map((name) => values.get(name))).toEqual([3, 7, 4, undefined]);
  expect(() => checkScheme({ ...star, given: ['n'] })).toThrow('$.given[0]');
});
