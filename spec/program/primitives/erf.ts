import { erf as errorFunction } from '../../numeric/erf.js';
import { boundUnary, mapUnary } from '../lib/elementwise.js';
import type { Primitive } from '../primitive.js';

/** Error function erf x = 2/√π ∫₀ˣ exp(−t²) dt. */
export const erf: Primitive = {
  name: 'erf',
  parameters: [{ name: 'x', kind: 'number' }],
  shape: ({ operands }) => operands.x,
  value: (application) => mapUnary(application, true, errorFunction),
  bound(application, result) {
    const { a } = application.profile;
    return boundUnary(application, result, (x, e, _r, least) => {
      const steepest = (2 / Math.sqrt(Math.PI)) * Math.exp(-(Math.max(0, Math.abs(x) - e) ** 2));
      // a number that may overflow keeps its sign, and its result lies near ±1; nothing is known of another without a bound
      const change = Number.isFinite(e) ? Math.min(steepest * e, 2) : least > 0 ? 1 - errorFunction(least) : Infinity;
      // absolute near 0: 1 − (1 − erf x) cancels
      return change + 6 * a;
    });
  },
  gradient: () => ({ x: ['mul', 'dout', ['scale', 2 / Math.sqrt(Math.PI), ['exp', ['scale', -1, ['mul', 'x', 'x']]]]] }),
};
