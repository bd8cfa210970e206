import { halfSubnormal } from '../numeric/profile.js';
import { type DType, floatFormats } from '../tensor/dtype.js';

/**
 * What an element may differ by once it is stored as `dtype`: e(1 + u) + u|r| + w (NUMERICS, "output"); infinite where the stored value may overflow.
 * @param bound e, before the store. @param flushToZero subnormal outputs may become zero.
 */
export function storedBound(value: number, bound: number, dtype: DType, flushToZero: boolean): number {
  const f = floatFormats[dtype];
  const size = Math.abs(value);
  if (size + bound > f.max) return Number.isFinite(value) ? Infinity : bound;
  // NaN that is exact is the answer; NaN of an unbounded error, such as ∞ · 0, says nothing
  if (Number.isNaN(value)) return bound === Infinity ? Infinity : 0;
  return bound * (1 + f.roundoff) + f.roundoff * size + (flushToZero ? f.smallestNormal : halfSubnormal(f));
}
