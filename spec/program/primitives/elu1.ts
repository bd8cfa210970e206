import { boundUnary, each, mapUnary } from '../lib/elementwise.js';
import type { Primitive } from '../primitive.js';

/** elu(x) + 1: x + 1 above 0, eˣ below (https://arxiv.org/abs/2006.16236, equation 7). */
export const elu1: Primitive = {
  name: 'elu1',
  parameters: [{ name: 'x', kind: 'number' }],
  shape: ({ operands }) => operands.x,
  value: (application) =>
    mapUnary(
      application,
      false,
      each((x) => (x > 0 ? x + 1 : Math.exp(x))),
    ),
  bound(application, result) {
    const { a, exp } = application.profile;
    return boundUnary(application, result, (x, e, r) => {
      const steepest = x + e > 0 ? 1 : Math.exp(x + e);
      // absolute near 0: expm1(x) + 1 cancels
      return (e === 0 ? 0 : steepest * e) + 4 * a * Math.max(1, r) + exp * Math.min(1, r);
    });
  },
  // the slope below 0 is the result itself, with the same absolute error
  gradient: () => ({ x: ['mul', 'dout', ['where', ['positive', 'x'], 1, 'out']] }),
};
