import { boundUnary, each, mapUnary } from '../lib/elementwise.js';
import type { Primitive } from '../primitive.js';

/** Natural logarithm for x ≥ 0; ln 0 is exactly −∞. The bound is infinite if x may be 0. */
export const log: Primitive = {
  name: 'log',
  open: 'the argument of a logarithm may be 0',
  parameters: [{ name: 'x', kind: 'number' }],
  shape: ({ operands }) => operands.x,
  value: (application) => mapUnary(application, false, each(Math.log)),
  bound(application, result) {
    const { a } = application.profile;
    return boundUnary(application, result, (x, e, r) => {
      if (x === 0 && e === 0) return 0;
      return x > e ? -Math.log1p(-e / x) + 6 * a * Math.abs(r) : Infinity;
    });
  },
  gradient: () => ({ x: ['div', 'dout', 'x'] }),
};
