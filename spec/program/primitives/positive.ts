import { distanceWithin } from '../lib/distance.js';
import { mapUnary } from '../lib/elementwise.js';
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
