import { boundBinary, broadcast, isExactInfinity, leastBinary, mapBinary, sizeOfInterval } from '../lib/elementwise.js';
import type { Primitive } from '../primitive.js';

/** x − y. */
export const sub: Primitive = {
  name: 'sub',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'y', kind: 'number' },
  ],
  shape: broadcast,
  value: (application) => mapBinary(application, 'both', (x, y) => x - y),
  bound(application, result) {
    const { a } = application.profile;
    return boundBinary(application, result, (x, y, ex, ey, r) =>
      isExactInfinity(x, y, ex, ey, r) ? 0 : (ex + ey) * (1 + a) + a * Math.abs(r),
    );
  },
  least: (application) =>
    leastBinary(application, (x, y) => sizeOfInterval({ low: x.low - y.high, high: x.high - y.low }) * (1 - application.profile.a)),
  gradient: () => ({ x: 'dout', y: ['scale', -1, 'dout'] }),
};
