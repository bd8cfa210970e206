import type { NumericProfile } from '../numeric/profile.js';
import { floatFormats } from '../tensor/dtype.js';
import type { Evaluated } from './primitive.js';

/** Error bounds, with what is known of the elements that may overflow. */
export interface BoundWithOverflow {
  readonly bound: Float64Array | undefined;
  /** See `ProgramTensor.least`. */
  readonly least?: Float64Array;
}

/**
 * A value that may lie beyond the accumulator's largest is infinite in some implementations and a number in others: its bound is infinite, and
 * what is known is its sign and the least that it may be in size.
 * @param least what the primitive's own rule knows of the elements whose bound is infinite.
 */
export function withOverflow(
  profile: NumericProfile,
  { value, zero }: Evaluated,
  bound: Float64Array | undefined,
  least: () => Float64Array | undefined,
): BoundWithOverflow {
  const { max } = floatFormats[profile.accumulate];
  const limits = bound?.slice() ?? new Float64Array(value.length);
  const known = new Float64Array(value.length);
  let overflows = false;
  for (let i = 0; i < value.length; i++) {
    const size = Math.abs(value[i]);
    const e = limits[i];
    // an infinity that is exact, such as ln 0, stays
    if (!(size + e > max) || zero?.[i] || (size === Infinity && e === 0)) continue;
    overflows = true;
    limits[i] = Infinity;
    if (e < size && size < Infinity) known[i] = size - e;
  }
  if (!overflows) return { bound };
  const own = least();
  for (let i = 0; own && i < own.length; i++) if (limits[i] === Infinity && own[i] > known[i]) known[i] = own[i];
  return { bound: limits, ...(known.some((x) => x > 0) && { least: known }) };
}
