import type { Store } from '../numeric/profile.js';
import { roundTo } from '../tensor/float-bits.js';

/** Values after a store. */
export function storedValues({ dtype }: Store, value: Float64Array): Float64Array {
  return value.map((x) => roundTo(dtype, x));
}

/** Least magnitudes of elements that may overflow, after a store: limited to the largest stored number and rounded down. */
export function storedLeast({ u, max }: Store, least: Float64Array): Float64Array {
  return least.map((x) => Math.min(x, max) * (1 - u));
}

/** Error bounds after a store: e(1 + u) + u|r| + w, or infinite if the stored value may overflow. Structural zeros stay exact. */
export function storedBounds(
  { u, w, max }: Store,
  value: Float64Array,
  bound: Float64Array | undefined,
  zero: Uint8Array | undefined,
): Float64Array {
  return value.map((r, i) => {
    if (zero?.[i]) return 0;
    const e = bound ? bound[i] : 0;
    return Math.abs(r) + e > max ? Infinity : e * (1 + u) + u * Math.abs(r) + w;
  });
}
