import { lossNearZero } from '../../numeric/profile.js';
import { mapUnary } from '../lib/elementwise.js';
import type { Primitive } from '../primitive.js';
import { floats } from '../scratch.js';

/** Product c · x for a number c; exact for c = ±1. */
export const scale: Primitive = {
  name: 'scale',
  parameters: [
    { name: 'c', kind: 'scalar' },
    { name: 'x', kind: 'number' },
  ],
  shape: ({ operands }) => operands.x,
  value(application) {
    const { c } = application.scalars;
    return mapUnary(application, true, (out, x) => {
      for (let i = 0; i < out.length; i++) out[i] = c * x[i];
    });
  },
  bound(application, { value, zero }) {
    const c = Math.abs(application.scalars.c);
    if (c === 1) return application.operands.x.bound;
    const { a } = application.profile;
    const loss = lossNearZero(application.profile);
    const { bound: e } = application.operands.x;
    const bound = floats(value.length);
    for (let i = 0; i < bound.length; i++) if (!zero?.[i]) bound[i] = c * (e ? e[i] : 0) + 3 * a * Math.abs(value[i]) + loss;
    return bound;
  },
  least({ operands: { x }, scalars: { c }, profile: { a } }) {
    return x.least?.map((least) => Math.min(least * Math.abs(c) * (1 - 3 * a), Number.MAX_VALUE));
  },
  gradient: ({ scalars }) => ({ x: ['scale', scalars.c, 'dout'] }),
};
