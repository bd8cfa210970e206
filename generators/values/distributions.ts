import type { Distribution } from '../../spec/types/documents.js';
import { type Draw, draws } from './element.js';

/** How each tensor of a distribution is drawn, element by element; what depends on a position is added by `accents`. */
export interface Recipe {
  readonly q: Draw;
  readonly k: Draw;
  readonly v: Draw;
}

const plain: Recipe = { q: draws.normal, k: draws.normal, v: draws.normal };

export const recipes: Readonly<Record<Distribution, Recipe>> = {
  normal: plain,
  poison: plain,
  planted: plain,
  // scores that all lie far below zero, but for one key's at times: in one row every key, in another all that it sees
  sunk: plain,
  integers: { q: draws.keyInteger, k: draws.keyInteger, v: draws.valueInteger },
  uniform: { q: draws.small, k: draws.small, v: draws.small },
  'heavy-tailed': { q: draws.heavy, k: draws.heavy, v: draws.heavy },
  peaked: { ...plain, q: draws.peaked },
  'peaked-40': { ...plain, q: draws.peaked40 },
  // keys that differ from their head's first by a 256th: every score nearly the same, so that nothing is hidden by one large weight
  'near-tied': { ...plain, k: draws.tied },
  offset: { ...plain, v: draws.offset },
  subnormal: plain,
  dyadic: { q: draws.zero, k: draws.normal, v: draws.valueInteger },
  'one-hot': { q: draws.zero, k: draws.zero, v: draws.normal },
  visibility: { q: draws.zero, k: draws.normal, v: draws.zero },
};
