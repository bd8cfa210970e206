import { lossNearZero } from '../../numeric/profile.js';
import { boundBinary, broadcast, eachPair, leastBinary, mapBinary, sizeOfInterval } from '../lib/elementwise.js';
import { dividedFirst } from '../lib/reordered.js';
import type { Primitive } from '../primitive.js';

/**
 * Quotient x / y, which may underflow. The bound is infinite if the divisor may be 0. For a divisor that may overflow, the quotient
 * lies between 0 and the quotient by the divisor's least magnitude. 0/0 of structural zeros (one empty sum divided by another) is
 * undecided, and no structural zero.
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
    const nothing =
      zero &&
      application.operands.y.zero &&
      mapBinary(
        application,
        'both',
        eachPair(() => 1),
      ).zero;
    return zero ? { value, zero: nothing ? zero.map((is, i) => (nothing[i] ? 0 : is)) : zero } : { value };
  },
  bound(application, result) {
    const { a } = application.profile;
    const loss = lossNearZero(application.profile);
    const bound = boundBinary(application, result, (x, y, ex, ey, r, leastY) => {
      if (leastY > 0 && !Number.isFinite(ey)) {
        const most = ((Math.abs(x) + ex) / leastY) * (1 + 3 * a) + loss;
        return ex < Math.abs(x) ? Math.max(Math.abs(r), most - Math.abs(r)) : most + Math.abs(r);
      }
      const least = Math.abs(y) - ey;
      return least > 0 ? (ex + Math.abs(r) * ey) / least + 3 * a * Math.abs(r) + loss : Infinity;
    });
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
