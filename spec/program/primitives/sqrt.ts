import { boundUnary, each, mapUnary } from '../lib/elementwise.js';
import type { Primitive } from '../primitive.js';

/**
 * Square root, exact for 0. The bound √x − √(x − e) + 3a√x is infinite if the error reaches 0, as a
 * kernel's x may be negative; the gradient is infinite at 0.
 */
export const sqrt: Primitive = {
  name: 'sqrt',
  open: 'the argument of a square root may be 0',
  parameters: [{ name: 'x', kind: 'number' }],
  shape: ({ operands }) => operands.x,
  value: (application) => mapUnary(application, true, each(Math.sqrt)),
  bound(application, result) {
    const { a } = application.profile;
    return boundUnary(application, result, (x, e, r) => {
      if ((x === 0 || x === Infinity) && e === 0) return 0;
      return x > e ? e / (r + Math.sqrt(x - e)) + 3 * a * r : Infinity;
    });
  },
  least: ({ operands: { x }, profile: { a } }) => x.least?.map((least, i) => (x.value[i] > 0 ? Math.sqrt(least) * (1 - 3 * a) : 0)),
  gradient: () => ({ x: ['div', 'dout', ['scale', 2, 'out']] }),
};
