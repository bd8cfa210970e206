import type { NumericProfile } from '../../spec/numeric/profile.js';
import type { Case, Distribution } from '../../spec/types/documents.js';
import { Undrawable } from '../lib/undrawable.js';
import { hasCodebook } from './codebook/codebook.js';
import { countingOf } from './counted/counting.js';
import { scoringOf } from './targeted/targeting.js';

/** Inputs that let every element over a long sequence be judged: their kernels and cases. */
interface LongInputs {
  readonly options: readonly string[];
  /** @throws {Undrawable} if the kernel's numerics hide the effect that the inputs show. */
  check(numeric: NumericProfile): void;
  fits(c: Case): boolean;
}

/** Distributions of long sequences. */
export const longInputs: Partial<Readonly<Record<Distribution, LongInputs>>> = {
  targeted: {
    options: ['scale', 'softcap', 'sink'],
    check: ({ storage, scoresStored, prescaledQ, merge }) => {
      if (merge?.form === 'difference') throw new Undrawable('the result of a merge by differences depends on keys far from the target');
      if (storage === 'f32' || storage === 'f64') return;
      if (scoresStored) throw new Undrawable(`scores that are stored in ${storage} cannot tell one key of a block from another`);
      if (prescaledQ) throw new Undrawable(`queries that are scaled and stored in ${storage} cannot tell one key of a block from another`);
    },
    fits: (c) => scoringOf(c, c.dims.n) !== undefined,
  },
  counted: {
    options: ['scale', 'softcap'],
    check: ({ storage, exp, merge, partialsStored }) => {
      if (exp > 0) throw new Undrawable('exponentials of 0 are approximate');
      if (merge) throw new Undrawable('the weights of results that are merged one after the other are approximate');
      if (partialsStored) throw new Undrawable(`sums that are stored in ${storage} are not exact`);
    },
    fits: (c) => countingOf(c) !== undefined && c.dialect?.emptyOutput !== 'mean',
  },
  codebook: {
    options: ['scale'],
    check: ({ storage, merge, partialsStored, accumulate }) => {
      if (merge) throw new Undrawable('the errors of results that are merged one after the other grow with the length');
      if (partialsStored) throw new Undrawable(`sums that are stored in ${storage} leave the result of a long row undecided`);
      if (accumulate === 'f64') throw new Undrawable('the oracle is not more precise than sums in float64');
    },
    fits: (c) => hasCodebook(c) && c.dialect?.emptyOutput !== 'mean',
  },
};
