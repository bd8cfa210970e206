import { DocumentError } from '../../../spec/lib/documents.js';
import { nearestNames } from '../../../spec/lib/nearest.js';
import type { Adapter } from '../../adapter.js';
import { firstByHand, lastByHand } from './by-hand.js';
import { documentMutantNamed, documentMutants } from './documents/index.js';
import { adapterOf } from './lib/adapter.js';
import type { Mutant } from './lib/mutant.js';

const byHand: ReadonlyMap<string, Mutant> = new Map([...firstByHand, ...lastByHand].map((mutant) => [mutant.id, mutant]));

/** Returns the mutant of an id; of the other mutants few are made. */
export function mutantOf(id: string): Mutant | undefined {
  return byHand.get(id) ?? documentMutantNamed(id);
}

/** The mutant of an id as an adapter. @throws {DocumentError} where there is none, naming the nearest. */
export function mutantNamed(id: string): Adapter {
  const mutant = mutantOf(id);
  if (mutant) return adapterOf(mutant);
  const ids = [...byHand.values(), ...documentMutants()].map((other) => other.id);
  throw new DocumentError(`mutant:${id}`, '$', `found no such mutant; ${nearestNames(id, ids)}`);
}
