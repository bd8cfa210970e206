import { type NumericProfile, narrowStore } from '../numeric/profile.js';
import { floatFormats } from '../tensor/dtype.js';

/** Largest finite value of the dtype that `narrowStore` rounds to. */
function largest({ storage }: NumericProfile): number {
  return floatFormats[storage === 'f8e4m3' || storage === 'f8e5m2' ? 'bf16' : storage].max;
}

/** Least magnitudes of elements that may overflow, after a store: limited to the largest stored number and rounded down. */
export function storedLeast(profile: NumericProfile, least: Float64Array): Float64Array {
  const { u } = narrowStore(profile);
  const max = largest(profile);
  return least.map((x) => Math.min(x, max) * (1 - u));
}

/** Error bounds after a store: e(1 + u) + u|r| + w, or infinite if the stored value may overflow. Structural zeros stay exact. */
export function storedBounds(
  profile: NumericProfile,
  value: Float64Array,
  bound: Float64Array | undefined,
  zero: Uint8Array | undefined,
): Float64Array {
  const { u, w } = narrowStore(profile);
  const max = largest(profile);
  return value.map((r, i) => {
    if (zero?.[i]) return 0;
    const e = bound ? bound[i] : 0;
    return Math.abs(r) + e > max ? Infinity : e * (1 + u) + u * Math.abs(r) + w;
  });
}
