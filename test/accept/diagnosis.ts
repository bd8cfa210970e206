import type { MutantResult } from '../../dist/suites/power/judge-mutant.js';
import { maySay } from '../suites/power/diagnoses.js';

/** Mutants of which something untrue is said. @returns what is wrong, in words. */
export function misdiagnoses(results: readonly MutantResult[], seed: number): string[] {
  return results
    .filter(({ id, kill }) => kill?.hint !== undefined && !maySay(id, kill.hint))
    .map(({ id, kill }) => `of ${id} on seed ${seed}, ${kill?.check} says: ${kill?.hint}`);
}
