import { boundBinary, broadcast, leastBinary, mapBinary, sizeOfInterval } from '../elementwise.js';
import type { Primitive } from '../primitive.js';

/** Product x · y, which is a structural zero if x or y is one. */
export const mul: Primitive = {
  name: 'mul',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'y', kind: 'number' },
  ],
  shape: broadcast,
  value: (application) => mapBinary(application, 'any', (x, y) => x * y),
  bound(application, result) {
    const { a, w } = application.profile;
    return boundBinary(application, result, (x, y, ex, ey, r) => ex * Math.abs(y) + ey * Math.abs(x) + ex * ey + a * Math.abs(r) + w);
  },
  least: (application) => leastBinary(application, (x, y) => sizeOfInterval(x) * sizeOfInterval(y) * (1 - application.profile.a)),
  gradient: () => ({ x: ['mul', 'dout', 'y'], y: ['mul', 'dout', 'x'] }),
};
