import type { NumericProfile } from '../../numeric/profile.js';

/** Relative error of a product of TF32 operands (NUMERICS, declared extras), else 0. */
export function tf32Error(profile: NumericProfile): number {
  return profile.tf32 ? 2 ** -9 : 0;
}
