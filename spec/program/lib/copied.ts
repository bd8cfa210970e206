import type { NumericProfile } from '../../numeric/profile.js';
import type { Evaluated } from '../primitive.js';
import type { ProgramTensor } from '../tensor.js';

/** The numbers of a tensor, and its structural zeros: the same arrays. */
export function copied({ value, zero }: ProgramTensor): Evaluated {
  return zero ? { value, zero } : { value };
}

/** Error bounds of a copy of a tensor: its own, with the rounding of an input that is scaled and stored before use. */
export function copiedBound({ value, bound, prescaled }: ProgramTensor, { u }: NumericProfile): Float64Array | undefined {
  if (!prescaled) return bound;
  return value.map((x, i) => (bound ? bound[i] : 0) * (1 + u) + u * Math.abs(x));
}
