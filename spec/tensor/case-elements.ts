import type { Dims } from '../types/documents.js';

/** Most elements of q, k and v that a person checks by hand. */
const CHECKED_BY_HAND = 32;

/** Sizes of which the elements of q, k and v are counted. */
type CountedDims = Pick<Dims, 'b' | 'hk' | 'g' | 'm' | 'n' | 'd' | 'e'>;

/** Elements of q, k and v together. */
export function elementsOf({ b, hk, g, m, n, d, e }: CountedDims): number {
  return b * hk * (g * m * d + n * (d + e));
}

/** Tells whether there are so few elements that a person checks the case by hand. */
export function isCheckedByHand(dims: CountedDims): boolean {
  return elementsOf(dims) <= CHECKED_BY_HAND;
}
