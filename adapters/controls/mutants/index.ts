import { firstByHand, lastByHand } from './by-hand.js';
import { documentMutants } from './documents/index.js';
import type { Mutant } from './lib/mutant.js';

/** All mutants. `named.ts` finds one by id without making all. */
export const mutants: readonly Mutant[] = [...firstByHand, ...documentMutants(), ...lastByHand];
