import type { Application, Evaluated } from '../primitive.js';
import { boundUnary } from './elementwise.js';

/**
 * Error bounds of sin or cos: slope · E + 6a with E = e + 2a|x| for range reduction by a rounded
 * constant and product. The slope changes by at most E over x ± E, and two values differ by at most
 * 1 + |r|. 6a is absolute, as a fraction of a period has an absolute error. Infinite if x may be.
 * @param slope the derivative without its sign.
 */
export function waveBound(application: Application, result: Evaluated, slope: (x: number) => number): Float64Array {
  const { a } = application.profile;
  return boundUnary(application, result, (x, e, r) => {
    const argument = e + 2 * a * Math.abs(x);
    if (!(argument < Infinity)) return Infinity;
    const steepest = Math.min(1, Math.abs(slope(x)) + argument);
    return Math.min(steepest * argument, 1 + Math.abs(r)) + 6 * a;
  });
}
