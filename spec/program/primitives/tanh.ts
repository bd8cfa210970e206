import { boundUnary, mapUnary } from '../lib/elementwise.js';
import type { Primitive } from '../primitive.js';

/** tanh x. */
export const tanh: Primitive = {
  name: 'tanh',
  parameters: [{ name: 'x', kind: 'number' }],
  shape: ({ operands }) => operands.x,
  value: (application) => mapUnary(application, true, Math.tanh),
  bound(application, result) {
    const { a } = application.profile;
    return boundUnary(application, result, (x, e, r, least) => {
      const steepest = 1 / Math.cosh(Math.max(0, Math.abs(x) - e)) ** 2;
      // with an infinite error the result still lies in [−1, 1], and near ±1 if x is known to be large
      const farthest = least > 0 && !Number.isFinite(e) ? 1 - Math.tanh(least) : 2;
      return Math.min(steepest * e, farthest) + 6 * a * Math.abs(r);
    });
  },
  gradient: () => ({ x: ['mul', 'dout', ['sub', 1, ['mul', 'out', 'out']]] }),
};
