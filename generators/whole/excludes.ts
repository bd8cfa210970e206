import { matches } from '../../spec/lib/partial.js';
import type { Case, Exclude } from '../../spec/types/documents.js';

/** True if an entry of `excludes` matches the case. `gradients` in an entry stands for the pass. */
export function isExcluded(excludes: readonly Exclude[], c: Case, backward: boolean): boolean {
  return excludes.some(({ gradients, ...partial }) => (gradients === undefined || gradients === backward) && matches(partial, c));
}
