import { expect, it } from 'vitest';
import { CallNames } from '../../../../adapters/backends/manifest/names.js';
import { shapesOf } from '../../../../adapters/backends/wgsl/outputs.js';
import { tensor } from '../../../../spec/tensor/tensor.js';
import type { Case } from '../../../../spec/types/documents.js';

it('packed tensors have strides over b h l d, and documents are counted', () => {
  const c: Case = {
    operator: 'softmax',
    dims: { b: 1, hk: 2, g: 1, m: 3, n: 4, d: 5, e: 5 },
    mask: { name: 'full' },
    options: {},
    dtype: 'f32',
    layout: 'thd',
    packed: { q: [1, 2], k: [4, 0] },
    values: { distribution: 'normal', seed: 0 },
  };
  const shapes = shapesOf(c, { q: tensor('f32', [3, 2, 5]), cu_q: tensor('i32', [3]) }, { o: { dtype: 'f32', shape: [3, 2, 5] } });
  expect(shapes.q).toEqual({ shape: [1, 2, 3, 5], strides: [0, 5, 10, 1], offset: 0 });
  expect(shapes.o).toEqual(shapes.q);
  expect(shapes.cu_q.shape).toEqual([3]);
  const values = new CallNames({ dtypes: ['f32'], operators: ['softmax'] }).valuesIn(c, shapes);
  expect([values.get('documents'), values.get('q_stride_h'), values.get('q_stride_l')]).toEqual([2, 5, 10]);
  const { packed: _, ...plain } = c;
  expect(new CallNames({ dtypes: ['f32'], operators: ['softmax'] }).valuesIn({ ...plain, layout: 'bhld' }, {}).get('documents')).toBe(0);
});
