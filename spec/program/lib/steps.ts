import type { Application, Evaluated } from '../primitive.js';
import { distanceWithin } from './distance.js';
import { boundUnary } from './elementwise.js';

/**
 * Error bounds of a function f that never falls and has whole numbers as values: how far f at both ends of x ± e lies from f(x), so 0
 * where no edge lies between. Returns undefined if x is exact. Values of f are held in the accumulator without rounding: x is.
 */
export function stepBound(application: Application, result: Evaluated, f: (x: number) => number): Float64Array | undefined {
  if (!application.operands.x.bound) return undefined;
  return boundUnary(application, result, (x, e, r) => {
    if (e === 0) return 0;
    // the ends themselves are rounded to float64
    const reach = distanceWithin(application.profile, e) + Number.EPSILON * Math.abs(x);
    return Math.max(f(x + reach) - r, r - f(x - reach));
  });
}
