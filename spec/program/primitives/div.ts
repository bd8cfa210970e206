import { boundBinary, broadcast, mapBinary } from '../elementwise.js';
import type { Primitive } from '../primitive.js';

/** x / y; a quotient may underflow. Undecided where the divisor may be 0. */
export const div: Primitive = {
  name: 'div',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'y', kind: 'number' },
  ],
  shape: broadcast,
  value: (application) => mapBinary(application, 'first', (x, y) => x / y),
  bound(application, result) {
    const { a, w } = application.profile;
    return boundBinary(application, result, (_x, y, ex, ey, r) => {
      const least = Math.abs(y) - ey;
      return least > 0 ? (ex + Math.abs(r) * ey) / least + 3 * a * Math.abs(r) + w : Infinity;
    });
  },
  gradient: () => ({ x: ['div', 'dout', 'y'], y: ['scale', -1, ['div', ['mul', 'dout', 'out'], 'y']] }),
};
