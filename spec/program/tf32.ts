import type { NumericProfile } from '../numeric/profile.js';

/** Error of a product, relative to it, where products are of TF32 operands (NUMERICS, declared extras). */
export function tf32Error(profile: NumericProfile): number {
  return profile.tf32 ? 2 ** -9 : 0;
}
