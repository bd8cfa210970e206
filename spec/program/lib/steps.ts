import type { Application, Evaluated } from '../primitive.js';
import { distanceWithin } from './distance.js';
import { boundUnary } from './elementwise.js';

/**
 * Error bounds of a monotonic integer function f: its change over x ± e. Undefined for exact x. The
 * accumulator rounds x, but holds values of f exactly.
 */
export function stepBound(application: Application, result: Evaluated, f: (x: number) => number): Float64Array | undefined {
  if (!application.operands.x.bound) return undefined;
  return boundUnary(application, result, (x, e, r) => {
    if (e === 0) return 0;
    // the ends are rounded to float64
    const reach = distanceWithin(application.profile, e) + Number.EPSILON * Math.abs(x);
    return Math.max(f(x + reach) - r, r - f(x - reach));
  });
}
