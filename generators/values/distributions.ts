import type { Distribution } from '../../spec/types/documents.js';
import type { DrawName } from './element.js';

/** Distribution of each tensor's elements; `accents` adds the parts that depend on positions. */
export interface Recipe {
  readonly q: DrawName;
  readonly k: DrawName;
  readonly v: DrawName;
}

const plain: Recipe = { q: 'normal', k: 'normal', v: 'normal' };

/** Distributions with few equal numbers, and with some element far from 0. */
export const leavesDistinct: ReadonlySet<Distribution> = new Set(['normal', 'uniform', 'heavy-tailed', 'peaked', 'peaked-40']);

export const recipes: Readonly<Record<Distribution, Recipe>> = {
  normal: plain,
  poison: plain,
  planted: plain,
  // scores that all lie far below zero, but for one key's at times: in one row every key, in another all that it sees
  sunk: plain,
  // normal beside the signatures of blocks
  targeted: plain,
  // switches in q and k, and values with exact sums
  counted: { q: 'zero', k: 'zero', v: 'eighth' },
  // vectors of a few classes in q and k, and values with exact float64 sums
  codebook: { q: 'zero', k: 'zero', v: 'hundredth' },
  integers: { q: 'keyInteger', k: 'keyInteger', v: 'valueInteger' },
  uniform: { q: 'small', k: 'small', v: 'small' },
  'heavy-tailed': { q: 'heavy', k: 'heavy', v: 'heavy' },
  peaked: { ...plain, q: 'peaked' },
  'peaked-40': { ...plain, q: 'peaked40' },
  // keys within a 256th of their head's first: nearly equal scores, so that no large weight hides a
  // fault
  'near-tied': { ...plain, k: 'tied' },
  offset: { ...plain, v: 'offset' },
  subnormal: plain,
  dyadic: { q: 'zero', k: 'normal', v: 'valueInteger' },
  'one-hot': { q: 'zero', k: 'zero', v: 'normal' },
  visibility: { q: 'zero', k: 'normal', v: 'zero' },
};
