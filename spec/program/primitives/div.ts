import { lossNearZero } from '../../numeric/profile.js';
import { alignment, broadcast, leastBinary, mapBinary, pairOf, sizeOfInterval } from '../lib/elementwise.js';
import { dividedFirst } from '../lib/reordered.js';
import type { Primitive } from '../primitive.js';
import { bytes, floats } from '../scratch.js';

/**
 * Quotient x / y, which may underflow; the bound is infinite if y may be 0. If y may overflow, the
 * quotient is between 0 and x / least |y|. 0/0 of structural zeros is undecided.
 */
export const div: Primitive = {
  name: 'div',
  open: 'a divisor may be 0',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'y', kind: 'number' },
  ],
  shape: broadcast,
  value(application) {
    const { value, zero } = mapBinary(application, 'first', (out, x, xAt, y, yAt) => {
      for (let i = 0; i < out.length; i++) out[i] = x[xAt ? xAt[i] : i] / y[yAt ? yAt[i] : i];
    });
    if (!zero) return { value };
    const { operands, out, sizes } = application;
    const { zero: empty } = operands.y;
    if (!empty) return { value, zero };
    const at = alignment(operands.y, out, sizes);
    const only = bytes(zero.length);
    for (let i = 0; i < only.length; i++) if (zero[i] && !empty[at ? at[i] : i]) only[i] = 1;
    return { value, zero: only };
  },
  bound(application, result) {
    const { a } = application.profile;
    const loss = lossNearZero(application.profile);
    const { x, xBound, xAt, y, yBound, yAt } = pairOf(application);
    const { least: yLeast } = application.operands.y;
    const { value, zero } = result;
    const bound = floats(value.length);
    for (let i = 0; i < bound.length; i++) {
      if (zero?.[i]) continue;
      const xi = xAt ? xAt[i] : i;
      const yi = yAt ? yAt[i] : i;
      const ex = xBound ? xBound[xi] : 0;
      const ey = yBound ? yBound[yi] : 0;
      const size = Math.abs(value[i]);
      if (yLeast && yLeast[yi] > 0 && !Number.isFinite(ey)) {
        const most = ((Math.abs(x[xi]) + ex) / yLeast[yi]) * (1 + 3 * a) + loss;
        bound[i] = ex < Math.abs(x[xi]) ? Math.max(size, most - size) : most + size;
        continue;
      }
      const least = Math.abs(y[yi]) - ey;
      bound[i] = least > 0 ? (ex + size * ey) / least + 3 * a * size + loss : Infinity;
    }
    return dividedFirst(application, result, bound);
  },
  form: ({ operands: { x, y } }) => ({ kind: 'quotient', numerator: x, divisor: y }),
  least: (application) =>
    leastBinary(application, (x, y) => {
      const most = Math.max(-y.low, y.high);
      return Number.isFinite(most) ? (sizeOfInterval(x) / most) * (1 - 3 * application.profile.a) : 0;
    }),
  gradient: () => ({ x: ['div', 'dout', 'y'], y: ['scale', -1, ['div', ['mul', 'dout', 'out'], 'y']] }),
};
