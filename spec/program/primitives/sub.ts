import { boundSum, broadcast, leastBinary, mapBinary, sizeOfInterval } from '../lib/elementwise.js';
import type { Primitive } from '../primitive.js';

/** x − y. */
export const sub: Primitive = {
  name: 'sub',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'y', kind: 'number' },
  ],
  shape: broadcast,
  value: (application) =>
    mapBinary(application, 'both', (out, x, xAt, y, yAt) => {
      for (let i = 0; i < out.length; i++) out[i] = x[xAt ? xAt[i] : i] - y[yAt ? yAt[i] : i];
    }),
  bound: boundSum,
  least: (application) =>
    leastBinary(application, (x, y) => sizeOfInterval({ low: x.low - y.high, high: x.high - y.low }) * (1 - application.profile.a)),
  gradient: () => ({ x: 'dout', y: ['scale', -1, 'dout'] }),
};
