import type { NumericProfile } from '../../numeric/profile.js';

/** Relative error of a product of TF32 operands (NUMERICS, declared extras); 0 if products are not in TF32. */
export function tf32Error(profile: NumericProfile): number {
  return profile.tf32 ? 2 ** -9 : 0;
}
