import type { Application, Evaluated } from '../primitive.js';
import { boundUnary } from './elementwise.js';

/**
 * Error bounds of a sine or cosine: slope · E + 6a with E = e + 2a|x|, since the period is taken off an argument by a rounded constant and
 * a rounded product. The slope changes by no more than E over x ± E, and no two values are more than 1 + |r| apart. 6a is absolute, since
 * a fraction of a period has an absolute error. Infinite if nothing is known of x, which may be infinite.
 * @param slope the derivative, but for its sign.
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
