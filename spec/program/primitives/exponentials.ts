import { lossNearZero } from '../../numeric/profile.js';
import { boundUnary, each, mapUnary } from '../lib/elementwise.js';
import type { Primitive } from '../primitive.js';
import { floats } from '../scratch.js';

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
