import { lossNearZero } from '../../numeric/profile.js';
import { broadcast, leastBinary, mapBinary, pairOf, sizeOfInterval } from '../lib/elementwise.js';
import { dividedLater, productsOf } from '../lib/reordered.js';
import type { Primitive } from '../primitive.js';
import { floats } from '../scratch.js';

/** Product x · y; a structural zero if x or y is one. */
export const mul: Primitive = {
  name: 'mul',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'y', kind: 'number' },
  ],
  shape: broadcast,
  value: (application) =>
    mapBinary(application, 'any', (out, x, xAt, y, yAt) => {
      for (let i = 0; i < out.length; i++) out[i] = x[xAt ? xAt[i] : i] * y[yAt ? yAt[i] : i];
    }),
  bound(application, result) {
    const { a } = application.profile;
    const loss = lossNearZero(application.profile);
    const { x, xBound, xAt, y, yBound, yAt } = pairOf(application);
    const { value, zero } = result;
    const bound = floats(value.length);
    // the most frequent elements of a program: no callback
    for (let i = 0; i < bound.length; i++) {
      if (zero?.[i]) continue;
      const xi = xAt ? xAt[i] : i;
      const yi = yAt ? yAt[i] : i;
      const ex = xBound ? xBound[xi] : 0;
      const ey = yBound ? yBound[yi] : 0;
      bound[i] = ex * Math.abs(y[yi]) + ey * Math.abs(x[xi]) + ex * ey + a * Math.abs(value[i]) + loss;
    }
    return dividedLater(application, result, bound);
  },
  form: productsOf,
  least: (application) => leastBinary(application, (x, y) => sizeOfInterval(x) * sizeOfInterval(y) * (1 - application.profile.a)),
  gradient: () => ({ x: ['mul', 'dout', 'y'], y: ['mul', 'dout', 'x'] }),
};
