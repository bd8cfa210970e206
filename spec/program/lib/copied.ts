import type { NumericProfile } from '../../numeric/profile.js';
import type { Evaluated } from '../primitive.js';
import type { ProgramTensor } from '../tensor.js';

/** Values and structural zeros of a tensor, as the same arrays. */
export function copied({ value, zero }: ProgramTensor): Evaluated {
  return zero ? { value, zero } : { value };
}

/** Error bounds of a copy, with the rounding of a prescaled input. */
export function copiedBound({ value, bound, prescaled }: ProgramTensor, { u }: NumericProfile): Float64Array | undefined {
  if (!prescaled) return bound;
  return value.map((x, i) => (bound ? bound[i] : 0) * (1 + u) + u * Math.abs(x));
}
