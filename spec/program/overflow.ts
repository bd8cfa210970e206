import { decided } from '../numeric/decided.js';
import type { NumericProfile } from '../numeric/profile.js';
import { floatFormats } from '../tensor/dtype.js';
import type { Evaluated } from './primitive.js';
import { copyOf, floats } from './scratch.js';

/** Cause of an infinite bound. */
export const mayOverflow = 'a number may overflow';

/** Error bounds, and least magnitudes of elements that may overflow. */
export interface BoundWithOverflow {
  readonly bound: Float64Array | undefined;
  readonly least?: Float64Array;
}

/** Gives an infinite bound to values that may overflow. @param bound is modified: NaN becomes ∞. */
export function withOverflow(
  profile: NumericProfile,
  { value, zero }: Evaluated,
  bound: Float64Array | undefined,
  least: () => Float64Array | undefined,
): BoundWithOverflow {
  const { max } = floatFormats[profile.accumulate];
  if (largestSum(value, bound) <= max) return { bound };
  const overflows = (size: number, e: number, i: number) => size + e > max && !zero?.[i] && (size < Infinity || e > 0);
  let first = 0;
  while (first < value.length && !overflows(Math.abs(value[first]), bound ? bound[first] : 0, first)) first++;
  if (first === value.length) return { bound };
  const limits = bound ? copyOf(bound) : floats(value.length);
  const known = floats(value.length);
  for (let i = first; i < value.length; i++) {
    const size = Math.abs(value[i]);
    const e = limits[i];
    // an exact infinity, like ln 0, keeps its bound
    if (!overflows(size, e, i)) continue;
    limits[i] = Infinity;
    if (e < size && size < Infinity) known[i] = size - e;
  }
  const own = least();
  for (let i = 0; own && i < own.length; i++) if (limits[i] === Infinity && own[i] > known[i]) known[i] = own[i];
  return { bound: limits, ...(known.some((x) => x > 0) && { least: known }) };
}

/** Largest |x| + e without NaN. A NaN e becomes infinity, in place. */
function largestSum(value: Float64Array, bound: Float64Array | undefined): number {
  const most = bound ? largestOfPairs(value, bound) : largestSize(value);
  if (most === most) return most;
  decided(bound);
  let found = 0;
  for (let i = 0; i < value.length; i++) {
    const size = Math.abs(value[i]) + (bound ? bound[i] : 0);
    if (size > found) found = size;
  }
  return found;
}

// Four maxima at once take half the time, because each comparison waits for the previous one.

function largestOfPairs(value: Float64Array, bound: Float64Array): number {
  const whole = value.length & ~3;
  let m0 = 0;
  let m1 = 0;
  let m2 = 0;
  let m3 = 0;
  for (let i = 0; i < whole; i += 4) {
    m0 = Math.max(m0, Math.abs(value[i]) + bound[i]);
    m1 = Math.max(m1, Math.abs(value[i + 1]) + bound[i + 1]);
    m2 = Math.max(m2, Math.abs(value[i + 2]) + bound[i + 2]);
    m3 = Math.max(m3, Math.abs(value[i + 3]) + bound[i + 3]);
  }
  for (let i = whole; i < value.length; i++) m0 = Math.max(m0, Math.abs(value[i]) + bound[i]);
  return Math.max(m0, m1, m2, m3);
}

function largestSize(value: Float64Array): number {
  const whole = value.length & ~3;
  let m0 = 0;
  let m1 = 0;
  let m2 = 0;
  let m3 = 0;
  for (let i = 0; i < whole; i += 4) {
    m0 = Math.max(m0, Math.abs(value[i]));
    m1 = Math.max(m1, Math.abs(value[i + 1]));
    m2 = Math.max(m2, Math.abs(value[i + 2]));
    m3 = Math.max(m3, Math.abs(value[i + 3]));
  }
  for (let i = whole; i < value.length; i++) m0 = Math.max(m0, Math.abs(value[i]));
  return Math.max(m0, m1, m2, m3);
}
