import type { Distribution } from '../../spec/types/documents.js';
import type { DrawName } from './element.js';

/** Element distribution of each tensor; `accents` sets elements that depend on a position. */
export interface Recipe {
  readonly q: DrawName;
  readonly k: DrawName;
  readonly v: DrawName;
}

const plain: Recipe = { q: 'normal', k: 'normal', v: 'normal' };

/** Distributions with hardly any equal numbers, and with some elements near 0. */
export const leavesDistinct: ReadonlySet<Distribution> = new Set(['normal', 'uniform', 'heavy-tailed', 'peaked', 'peaked-40']);

export const recipes: Readonly<Record<Distribution, Recipe>> = {
  normal: plain,
  poison: plain,
  planted: plain,
  // very negative scores, at times except for one key
  sunk: plain,
  // normal, plus the signatures of blocks
  targeted: plain,
  // switches in q and k, and values with exact sums
  counted: { q: 'zero', k: 'zero', v: 'eighth' },
  // vectors of a few classes in q and k, and values with exact sums in float64
  codebook: { q: 'zero', k: 'zero', v: 'hundredth' },
  integers: { q: 'keyInteger', k: 'keyInteger', v: 'valueInteger' },
  uniform: { q: 'small', k: 'small', v: 'small' },
  'heavy-tailed': { q: 'heavy', k: 'heavy', v: 'heavy' },
  peaked: { ...plain, q: 'peaked' },
  'peaked-40': { ...plain, q: 'peaked40' },
  // keys near their head's base: nearly equal scores, so that no large weight hides an error
  'near-tied': { ...plain, k: 'tied' },
  offset: { ...plain, v: 'offset' },
  subnormal: plain,
  dyadic: { q: 'zero', k: 'normal', v: 'valueInteger' },
  'one-hot': { q: 'zero', k: 'zero', v: 'normal' },
  visibility: { q: 'zero', k: 'normal', v: 'zero' },
};
