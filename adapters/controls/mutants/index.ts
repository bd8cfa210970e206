import { firstByHand, lastByHand } from './by-hand.js';
import { documentMutants } from './documents/index.js';
import type { Mutant } from './lib/mutant.js';

/** Every mutant, by class. One that is known by its id is had from `named.ts`, without the others. */
export const mutants: readonly Mutant[] = [...firstByHand, ...documentMutants(), ...lastByHand];
