import fc from 'fast-check';
import { expect, it } from 'vitest';
import { asNdarray, fromNdarray } from '../../adapters/ndarray.js';
import { contiguousData, tensorOf, transpose } from '../../spec/tensor/tensor.js';

it('shows the same elements through an ndarray and back, whatever the strides', () => {
  fc.assert(
    fc.property(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })), (shape) => {
      const size = shape[0] * shape[1] * shape[2];
      const t = transpose(
        tensorOf(
          'f32',
          shape,
          Array.from({ length: size }, (_, i) => i),
        ),
        [2, 0, 1],
      );
      const array = asNdarray(t);
      const seen = [];
      for (let i = 0; i < shape[2]; i++)
        for (let j = 0; j < shape[0]; j++) for (let k = 0; k < shape[1]; k++) seen.push(array.get(i, j, k));
      expect(seen).toEqual([...contiguousData(t)]);
      expect(fromNdarray(array.transpose(1, 2, 0), 'f32')).toMatchObject({ shape, strides: [shape[1] * shape[2], shape[2], 1], offset: 0 });
    }),
  );
});
