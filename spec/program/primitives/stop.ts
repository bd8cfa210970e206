import { copiedBound } from '../lib/copied.js';
import { mapUnary } from '../lib/elementwise.js';
import type { Primitive } from '../primitive.js';

/** Copy of x through which no gradient flows back. */
export const stop: Primitive = {
  name: 'stop',
  parameters: [{ name: 'x', kind: 'number' }],
  shape: ({ operands }) => operands.x,
  value: (application) => mapUnary(application, true, (x) => x),
  analysis: ({ operands }) => operands.x.softmax,
  bound: ({ operands, profile }) => copiedBound(operands.x, profile),
  least: ({ operands }) => operands.x.least,
  gradient: () => ({}),
};
