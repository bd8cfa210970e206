import type { Primitive } from '../primitive.js';

/** Position of each query among the keys: index + offset (CONTRACTS, dialect `causal`). */
export const position: Primitive = {
  name: 'position',
  parameters: [{ name: 'axis', kind: 'axis' }],
  shape: ({ axes }) => ({ kind: 'number', axes }),
  value: ({ axes, sizes, offset }) => ({ value: Float64Array.from({ length: sizes[axes[0]] }, (_, i) => i + offset) }),
  bound: () => undefined,
  gradient: () => ({}),
};
