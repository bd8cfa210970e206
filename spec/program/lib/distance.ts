import type { NumericProfile } from '../../numeric/profile.js';

/** Largest distance of a kernel's value from the oracle's for bound e; in f64 both may err by e. */
export function distanceWithin({ accumulate }: NumericProfile, e: number): number {
  return accumulate === 'f64' ? 2 * e : e;
}
