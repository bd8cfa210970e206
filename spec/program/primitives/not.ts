import { mapUnary } from '../lib/elementwise.js';
import type { Primitive } from '../primitive.js';

/** Boolean not x; undecided if x is. */
export const not: Primitive = {
  name: 'not',
  parameters: [{ name: 'x', kind: 'boolean' }],
  shape: ({ operands }) => operands.x,
  value: (application) =>
    mapUnary(application, false, (out, x) => {
      for (let i = 0; i < out.length; i++) out[i] = x[i] === 0 ? 1 : 0;
    }),
  bound: ({ operands }) => operands.x.bound,
  gradient: () => ({}),
};
