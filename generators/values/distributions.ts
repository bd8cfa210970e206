import type { Distribution } from '../../spec/types/documents.js';
import type { DrawName } from './element.js';

/** Distribution of each tensor's elements in a distribution; what depends on a position is added by `accents`. */
export interface Recipe {
  readonly q: DrawName;
  readonly k: DrawName;
  readonly v: DrawName;
}

const plain: Recipe = { q: 'normal', k: 'normal', v: 'normal' };

/** Distributions in which hardly two numbers are alike, and none is far from 0 in all elements. */
export const leavesDistinct: ReadonlySet<Distribution> = new Set(['normal', 'uniform', 'heavy-tailed', 'peaked', 'peaked-40']);

export const recipes: Readonly<Record<Distribution, Recipe>> = {
  normal: plain,
  poison: plain,
  planted: plain,
  // scores that all lie far below zero, but for one key's at times: in one row every key, in another all that it sees
  sunk: plain,
  // normal beside the signatures of blocks
  targeted: plain,
  // switches in q and k, and values whose sums are exact
  counted: { q: 'zero', k: 'zero', v: 'eighth' },
  // vectors of a few classes in q and k, and values whose sums are exact in float64
  codebook: { q: 'zero', k: 'zero', v: 'hundredth' },
  integers: { q: 'keyInteger', k: 'keyInteger', v: 'valueInteger' },
  uniform: { q: 'small', k: 'small', v: 'small' },
  'heavy-tailed': { q: 'heavy', k: 'heavy', v: 'heavy' },
  peaked: { ...plain, q: 'peaked' },
  'peaked-40': { ...plain, q: 'peaked40' },
  // keys that differ from their head's first by a 256th: every score nearly the same, so that nothing is hidden by one large weight
  'near-tied': { ...plain, k: 'tied' },
  offset: { ...plain, v: 'offset' },
  subnormal: plain,
  dyadic: { q: 'zero', k: 'normal', v: 'valueInteger' },
  'one-hot': { q: 'zero', k: 'zero', v: 'normal' },
  visibility: { q: 'zero', k: 'normal', v: 'zero' },
};
