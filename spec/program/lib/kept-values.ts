import { copyOf, floats, madeFor } from '../scratch.js';
import type { ProgramTensor } from '../tensor.js';

// Plain loops: `map` and `every` of a typed array are several times as slow.

/** Values with 0 for structural zeros. */
export function keptValues({ value, zero }: ProgramTensor): Float64Array {
  return withoutZeros(value, zero);
}

/** Numbers with 0 for structural zeros; the same array if no zeros are marked. */
export function withoutZeros(values: Float64Array, zero: Uint8Array | undefined): Float64Array {
  if (!zero) return values;
  const kept = copyOf(values);
  for (let at = 0; at < kept.length; at++) if (zero[at]) kept[at] = 0;
  return kept;
}

/** 1 for each element, 0 for structural zeros. */
export function onesOf({ value, zero }: ProgramTensor): Float64Array {
  return withoutZeros(floats(value.length).fill(1), zero);
}

/** Magnitudes with 0 for structural zeros. The array is shared. */
export function magnitudes(t: ProgramTensor): Float64Array {
  return madeFor(t, () => {
    const { value, zero } = t;
    const sizes = floats(value.length);
    for (let at = 0; at < sizes.length; at++) if (!zero?.[at]) sizes[at] = Math.abs(value[at]);
    return sizes;
  });
}

/** Computes x + factor·y element by element. */
export function sumsOf(x: Float64Array, y: Float64Array, factor = 1): Float64Array {
  const sums = floats(x.length);
  for (let at = 0; at < sums.length; at++) sums[at] = x[at] + factor * y[at];
  return sums;
}

/** Tells if every number is finite. */
export function allFinite(values: Float64Array): boolean {
  for (let at = 0; at < values.length; at++) if (!Number.isFinite(values[at])) return false;
  return true;
}
