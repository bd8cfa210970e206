import type { Dims } from '../types/documents.js';

/** Elements of q, k and v that a person still checks by hand. */
const CHECKED_BY_HAND = 32;

/** Sizes of which the elements of q, k and v are counted. */
export type CountedDims = Pick<Dims, 'b' | 'hk' | 'g' | 'm' | 'n' | 'd' | 'e'>;

/** Elements of q, k and v together. */
export function elementsOf({ b, hk, g, m, n, d, e }: CountedDims): number {
  return b * hk * (g * m * d + n * (d + e));
}

export function isCheckedByHand(dims: CountedDims): boolean {
  return elementsOf(dims) <= CHECKED_BY_HAND;
}
