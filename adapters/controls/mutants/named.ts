import { DocumentError } from '../../../spec/lib/documents.js';
import { nearestNames } from '../../../spec/lib/nearest.js';
import type { Adapter } from '../../adapter.js';
import { firstByHand, lastByHand } from './by-hand.js';
import { documentMutantNamed, documentMutants } from './documents/index.js';
import { adapterOf } from './lib/adapter.js';
import type { Mutant } from './lib/mutant.js';

const byHand: ReadonlyMap<string, Mutant> = new Map([...firstByHand, ...lastByHand].map((mutant) => [mutant.id, mutant]));

/** Returns the mutant of an id, without making all mutants. */
export function mutantOf(id: string): Mutant | undefined {
  return byHand.get(id) ?? documentMutantNamed(id);
}

/** Returns the adapter of a mutant. @throws {DocumentError} for unknown ids, with near names. */
export function mutantNamed(id: string): Adapter {
  const mutant = mutantOf(id);
  if (mutant) return adapterOf(mutant);
  const ids = [...byHand.values(), ...documentMutants()].map((other) => other.id);
  throw new DocumentError(`mutant:${id}`, '$', `unknown mutant; ${nearestNames(id, ids)}`);
}
