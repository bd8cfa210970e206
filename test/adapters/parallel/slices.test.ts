import fc from 'fast-check';
import { expect, it } from 'vitest';
import { join, slice } from '../../../adapters/parallel/collectives/slices.js';
import { sizeOf, tensorOf, transpose } from '../../../spec/tensor/tensor.js';

const drawn = fc
  .record({ shape: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 3, maxLength: 4 }), axis: fc.nat(2), cut: fc.nat(4) })
  .map(({ shape, axis, cut }) => ({ axis, cut: Math.min(cut, shape[axis]), t: counted(shape) }));

function counted(shape: readonly number[]) {
  return tensorOf(
    'f32',
    shape,
    Array.from({ length: sizeOf(shape) }, (_, x) => x),
  );
}

it('parts of an axis join to the whole, empty ones too', () => {
  fc.assert(
    fc.property(drawn, ({ t, axis, cut }) => {
      expect(join([slice(t, axis, 0, cut), slice(t, axis, cut, t.shape[axis] - cut)], axis)).toEqual(t);
    }),
  );
});

it('a part has the entries from the first on', () => {
  expect([...slice(counted([2, 3, 2]), 1, 1, 2).data]).toEqual([2, 3, 4, 5, 8, 9, 10, 11]);
});

it('views are joined by their elements', () => {
  const view = transpose(counted([1, 2, 3]), [0, 2, 1]);
  expect([...join([view, view], 1).data]).toEqual([0, 3, 1, 4, 2, 5, 0, 3, 1, 4, 2, 5]);
});
