import type { Call } from '../../../../adapters/kernel.js';
import { tensorOf } from '../../../../spec/tensor/tensor.js';

/** One query that sees two keys. */
export const oneCall: Call = {
  case: {
    operator: 'softmax',
    dims: { b: 1, hk: 1, g: 1, m: 1, n: 2, d: 2, e: 2 },
    mask: { name: 'full' },
    options: {},
    dtype: 'f32',
    layout: 'bhld',
    values: { distribution: 'normal', seed: 0 },
  },
  tensors: {
    q: tensorOf('f32', [1, 1, 1, 2], [1, 0]),
    k: tensorOf('f32', [1, 1, 2, 2], [0, 1, 0, 2]),
    v: tensorOf('f32', [1, 1, 2, 2], [1, 2, 3, 4]),
  },
};
