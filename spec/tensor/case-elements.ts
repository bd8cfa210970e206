import type { Dims } from '../types/documents.js';

/** Most elements of q, k and v in a case to check by hand. */
const CHECKED_BY_HAND = 32;

type CountedDims = Pick<Dims, 'b' | 'hk' | 'g' | 'm' | 'n' | 'd' | 'e'>;

/** Number of elements of q, k and v. */
export function elementsOf({ b, hk, g, m, n, d, e }: CountedDims): number {
  return b * hk * (g * m * d + n * (d + e));
}

/** Tells if a case is small enough to check by hand. */
export function isCheckedByHand(dims: CountedDims): boolean {
  return elementsOf(dims) <= CHECKED_BY_HAND;
}
