import { lossNearZero } from '../../numeric/profile.js';
import { boundUnary, mapUnary } from '../lib/elementwise.js';
import type { Primitive } from '../primitive.js';

/** Exponential eˣ. If it may exceed the accumulator's largest number, both infinity and the number are accepted (`withOverflow`). */
export const exp: Primitive = {
  name: 'exp',
  parameters: [{ name: 'x', kind: 'number' }],
  shape: ({ operands }) => operands.x,
  value: (application) => mapUnary(application, false, Math.exp),
  bound(application, result) {
    const { a, exp: declared } = application.profile;
    const loss = lossNearZero(application.profile);
    return boundUnary(application, result, (x, e, r) => {
      // of −∞ it is 0 for certain, unless nothing is known of x
      if (x === -Infinity && e === 0) return 0;
      if (e <= 1) return r * (Math.expm1(e) + ((6 + 3 * Math.abs(x)) * a + declared) * Math.exp(e)) + loss;
      // the exponential of the high end, which may be 0 where neither that of x nor the factor between the two is a number
      const most = Math.exp(x + e);
      return Math.max(most - r, r) + ((6 + 3 * (Math.abs(x) + e)) * a + declared) * most + loss;
    });
  },
  least({ operands: { x }, profile: { a, exp: declared } }) {
    // for larger arguments the relative error may reach one half; their exponential is no smaller than the one here
    const farthest = (0.5 - declared) / (3 * a) - 2;
    return x.value.map((at, i) => {
      const low = Math.min(at - (x.bound?.[i] ?? 0), farthest);
      const least = Math.exp(low) * (1 - (6 + 3 * Math.abs(low)) * a - declared);
      return least > 0 ? Math.min(least, Number.MAX_VALUE) : 0;
    });
  },
  gradient: () => ({ x: ['mul', 'dout', 'out'] }),
};
