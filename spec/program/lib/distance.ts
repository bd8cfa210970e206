import type { NumericProfile } from '../../numeric/profile.js';

/**
 * Largest distance between the oracle's value and an implementation's, of an element with error bound e: where both compute in float64,
 * each of them may err by e. What is chosen or rounded by a value is decided only beyond it.
 */
export function distanceWithin({ accumulate }: NumericProfile, e: number): number {
  return accumulate === 'f64' ? 2 * e : e;
}
