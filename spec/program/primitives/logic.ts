import { distanceWithin } from '../lib/distance.js';
import { boundBinary, mapBinary, mapUnary } from '../lib/elementwise.js';
import { broadcastBoolean, twoBooleans } from '../lib/logic.js';
import type { Primitive } from '../primitive.js';
import { floats } from '../scratch.js';

/** Boolean x > 0; undecided if the error of x reaches 0. */
export const positive: Primitive = {
  name: 'positive',
  open: 'an error may change the sign of a number',
  parameters: [{ name: 'x', kind: 'number' }],
  shape: ({ operands }) => ({ kind: 'boolean', axes: operands.x.axes }),
  value: (application) =>
    mapUnary(application, false, (out, x) => {
      for (let i = 0; i < out.length; i++) out[i] = x[i] > 0 ? 1 : 0;
    }),
  bound({ operands, profile }) {
    const { value: x, bound: e } = operands.x;
    if (!e) return undefined;
    const reach = distanceWithin(profile, 1);
    const bound = floats(x.length);
    for (let i = 0; i < bound.length; i++) if (e[i] > 0 && !(Math.abs(x[i]) > reach * e[i])) bound[i] = Infinity;
    return bound;
  },
  gradient: () => ({}),
};

/** Boolean not x; undecided if x is. */
export const not: Primitive = {
  name: 'not',
  parameters: [{ name: 'x', kind: 'boolean' }],
  shape: ({ operands }) => operands.x,
  value: (application) =>
    mapUnary(application, false, (out, x) => {
      for (let i = 0; i < out.length; i++) out[i] = x[i] === 0 ? 1 : 0;
    }),
  bound: ({ operands }) => operands.x.bound,
  gradient: () => ({}),
};

/** Boolean x or y; undecided if an operand is, unless the other is certainly true. */
export const or: Primitive = {
  name: 'or',
  parameters: twoBooleans,
  shape: broadcastBoolean,
  value: (application) =>
    mapBinary(application, 'both', (out, x, xAt, y, yAt) => {
      for (let i = 0; i < out.length; i++) out[i] = x[xAt ? xAt[i] : i] !== 0 || y[yAt ? yAt[i] : i] !== 0 ? 1 : 0;
    }),
  bound(application, result) {
    const { x, y } = application.operands;
    if (!x.bound && !y.bound) return undefined;
    return boundBinary(application, result, (first, second, ex, ey) =>
      (first !== 0 && ex === 0) || (second !== 0 && ey === 0) ? 0 : Math.max(ex, ey),
    );
  },
  gradient: () => ({}),
};

/** Boolean x and y; undecided if an operand is, unless the other is certainly false. */
export const and: Primitive = {
  name: 'and',
  parameters: twoBooleans,
  shape: broadcastBoolean,
  value: (application) =>
    mapBinary(application, 'both', (out, x, xAt, y, yAt) => {
      for (let i = 0; i < out.length; i++) out[i] = x[xAt ? xAt[i] : i] !== 0 && y[yAt ? yAt[i] : i] !== 0 ? 1 : 0;
    }),
  bound(application, result) {
    const { x, y } = application.operands;
    if (!x.bound && !y.bound) return undefined;
    return boundBinary(application, result, (first, second, ex, ey) =>
      (first === 0 && ex === 0) || (second === 0 && ey === 0) ? 0 : Math.max(ex, ey),
    );
  },
  gradient: () => ({}),
};
