import type { Store } from '../numeric/profile.js';
import { roundedTo } from '../tensor/float-bits.js';
import { floats } from './scratch.js';

/** Values after a store. */
export function storedValues({ dtype }: Store, value: Float64Array): Float64Array {
  return roundedTo(dtype, value);
}

/** Least magnitudes after a store: at most the largest stored number, rounded down. */
export function storedLeast({ u, max }: Store, least: Float64Array): Float64Array {
  return least.map((x) => Math.min(x, max) * (1 - u));
}

/** Bounds after a store: e(1 + u) + u|r| + w, or infinite if it may overflow; 0 for zeros. */
export function storedBounds(
  { u, w, max }: Store,
  value: Float64Array,
  bound: Float64Array | undefined,
  zero: Uint8Array | undefined,
): Float64Array {
  const stored = floats(value.length);
  for (let i = 0; i < stored.length; i++) {
    if (zero?.[i]) continue;
    const r = Math.abs(value[i]);
    const e = bound ? bound[i] : 0;
    stored[i] = r + e > max ? Infinity : e * (1 + u) + u * r + w;
  }
  return stored;
}
