import type { NumericProfile } from '../../spec/numeric/profile.js';

/** Roundings of a kernel that computes a fixed value by a power or a logarithm. */
const ROUNDINGS = 4;

/** Error bounds of fixed values, held in storage or in the accumulator after a few roundings. */
export function fixedBounds(values: Float64Array, { u, a, w }: NumericProfile): Float64Array {
  return values.map((x) => (u + ROUNDINGS * a) * Math.abs(x) + w);
}
