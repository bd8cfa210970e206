import { matches } from '../../spec/lib/partial.js';
import type { Case, Exclude } from '../../spec/types/documents.js';

/** True if a call for this case is one that the implementation does not claim. `gradients` in an entry stands for the pass. */
export function isExcluded(excludes: readonly Exclude[], c: Case, backward: boolean): boolean {
  return excludes.some(({ gradients, ...partial }) => (gradients === undefined || gradients === backward) && matches(partial, c));
}
