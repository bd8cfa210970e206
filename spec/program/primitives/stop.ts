import { copied, copiedBound } from '../lib/copied.js';
import type { Primitive } from '../primitive.js';

/** Copy of x without a gradient. */
export const stop: Primitive = {
  name: 'stop',
  parameters: [{ name: 'x', kind: 'number' }],
  shape: ({ operands }) => operands.x,
  value: ({ operands: { x } }) => copied(x),
  analysis: ({ operands }) => operands.x.softmax,
  bound: ({ operands, profile }) => copiedBound(operands.x, profile),
  least: ({ operands }) => operands.x.least,
  gradient: () => ({}),
};
