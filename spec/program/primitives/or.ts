import { boundBinary, mapBinary } from '../lib/elementwise.js';
import { broadcastBoolean, twoBooleans } from '../lib/logic.js';
import type { Primitive } from '../primitive.js';

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
