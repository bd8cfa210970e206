import { lossNearZero } from '../../numeric/profile.js';
import { mapUnary } from '../lib/elementwise.js';
import type { Primitive } from '../primitive.js';
import { floats } from '../scratch.js';

/** Exponential eˣ; a possible overflow accepts infinity and the number (`withOverflow`). */
export const exp: Primitive = {
  name: 'exp',
  parameters: [{ name: 'x', kind: 'number' }],
  shape: ({ operands }) => operands.x,
  value: (application) =>
    mapUnary(application, false, (out, x) => {
      for (let i = 0; i < out.length; i++) out[i] = Math.exp(x[i]);
    }),
  bound(application, { value }) {
    const { a, exp: declared } = application.profile;
    const loss = lossNearZero(application.profile);
    const { value: x, bound: xBound } = application.operands.x;
    const bound = floats(value.length);
    for (let i = 0; i < bound.length; i++) {
      const e = xBound ? xBound[i] : 0;
      // e^−∞ is exactly 0, if x is exact
      if (x[i] === -Infinity && e === 0) continue;
      if (e <= 1) {
        const growth = Math.expm1(e);
        bound[i] = value[i] * (growth + ((6 + 3 * Math.abs(x[i])) * a + declared) * (1 + growth)) + loss;
        continue;
      }
      // the high end's exponential; e^x · growth may be 0 · ∞
      const most = Math.exp(x[i] + e);
      bound[i] = Math.max(most - value[i], value[i]) + ((6 + 3 * (Math.abs(x[i]) + e)) * a + declared) * most + loss;
    }
    return bound;
  },
  least({ operands: { x }, profile: { a, exp: declared } }) {
    // beyond it the relative error may exceed one half
    const farthest = (0.5 - declared) / (3 * a) - 2;
    return x.value.map((at, i) => {
      const low = Math.min(at - (x.bound?.[i] ?? 0), farthest);
      const least = Math.exp(low) * (1 - (6 + 3 * Math.abs(low)) * a - declared);
      return least > 0 ? Math.min(least, Number.MAX_VALUE) : 0;
    });
  },
  gradient: () => ({ x: ['mul', 'dout', 'out'] }),
};
