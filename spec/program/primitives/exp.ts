import { boundUnary, mapUnary } from '../elementwise.js';
import type { Primitive } from '../primitive.js';

/** eˣ. */
export const exp: Primitive = {
  name: 'exp',
  parameters: [{ name: 'x', kind: 'number' }],
  shape: ({ operands }) => operands.x,
  value: (application) => mapUnary(application, false, Math.exp),
  bound(application, result) {
    const { a, w, exp: declared } = application.profile;
    return boundUnary(application, result, (x, e, r) => r * (Math.expm1(e) + ((6 + 3 * Math.abs(x)) * a + declared) * Math.exp(e)) + w);
  },
  gradient: () => ({ x: ['mul', 'dout', 'out'] }),
};
