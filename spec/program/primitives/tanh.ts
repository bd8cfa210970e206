import { boundUnary, each, mapUnary } from '../lib/elementwise.js';
import type { Primitive } from '../primitive.js';

/** tanh x. */
export const tanh: Primitive = {
  name: 'tanh',
  parameters: [{ name: 'x', kind: 'number' }],
  shape: ({ operands }) => operands.x,
  value: (application) => mapUnary(application, true, each(Math.tanh)),
  bound(application, result) {
    const { a } = application.profile;
    return boundUnary(application, result, (x, e, r, least) => {
      const steepest = 1 / Math.cosh(Math.max(0, Math.abs(x) - e)) ** 2;
      // a number that may overflow keeps its sign, so its result is near ±1
      const change = Number.isFinite(e) ? Math.min(steepest * e, 2) : least > 0 ? 1 - Math.tanh(least) : Infinity;
      return change + 6 * a * Math.abs(r);
    });
  },
  gradient: () => ({ x: ['mul', 'dout', ['sub', 1, ['mul', 'out', 'out']]] }),
};
