import { distanceWithin } from '../lib/distance.js';
import { boundUnary, mapUnary } from '../lib/elementwise.js';
import type { Primitive } from '../primitive.js';

/** Boolean tensor x > 0. An element is undecided if the error of x reaches 0. */
export const positive: Primitive = {
  name: 'positive',
  open: 'an error may change the sign of a number',
  parameters: [{ name: 'x', kind: 'number' }],
  shape: ({ operands }) => ({ kind: 'boolean', axes: operands.x.axes }),
  value: (application) => mapUnary(application, false, (x) => (x > 0 ? 1 : 0)),
  bound(application, result) {
    if (!application.operands.x.bound) return undefined;
    return boundUnary(application, result, (x, e) => (e > 0 && !(Math.abs(x) > distanceWithin(application.profile, e)) ? Infinity : 0));
  },
  gradient: () => ({}),
};
