import type { Primitive } from '../primitive.js';

/** Index 0, 1, 2, … along an axis, named `index` in programs. */
export const index: Primitive = {
  name: 'index',
  parameters: [{ name: 'axis', kind: 'axis' }],
  shape: ({ axes }) => ({ kind: 'number', axes }),
  value: ({ axes, sizes }) => ({ value: Float64Array.from({ length: sizes[axes[0]] }, (_, i) => i) }),
  bound: () => undefined,
  gradient: () => ({}),
};
