import { boundSum, broadcast, leastBinary, mapBinary, sizeOfInterval } from '../lib/elementwise.js';
import type { Primitive } from '../primitive.js';

/** x + y. */
export const add: Primitive = {
  name: 'add',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'y', kind: 'number' },
  ],
  shape: broadcast,
  value: (application) =>
    mapBinary(application, 'both', (out, x, xAt, y, yAt) => {
      for (let i = 0; i < out.length; i++) out[i] = x[xAt ? xAt[i] : i] + y[yAt ? yAt[i] : i];
    }),
  bound: boundSum,
  least: (application) =>
    leastBinary(application, (x, y) => sizeOfInterval({ low: x.low + y.low, high: x.high + y.high }) * (1 - application.profile.a)),
  gradient: () => ({ x: 'dout', y: 'dout' }),
};
