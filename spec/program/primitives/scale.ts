import { lossNearZero } from '../../numeric/profile.js';
import { boundUnary, mapUnary } from '../lib/elementwise.js';
import type { Primitive } from '../primitive.js';

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
    return mapUnary(application, true, (x) => c * x);
  },
  bound(application, result) {
    const c = Math.abs(application.scalars.c);
    if (c === 1) return application.operands.x.bound;
    const { a } = application.profile;
    const loss = lossNearZero(application.profile);
    return boundUnary(application, result, (_x, e, r) => c * e + 3 * a * Math.abs(r) + loss);
  },
  least({ operands: { x }, scalars: { c }, profile: { a } }) {
    return x.least?.map((least) => Math.min(least * Math.abs(c) * (1 - 3 * a), Number.MAX_VALUE));
  },
  gradient: ({ scalars }) => ({ x: ['scale', scalars.c, 'dout'] }),
};
