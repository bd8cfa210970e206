import type { Case, Exclude } from '../spec/types/documents.js';

/** Whether a call for this case is one that the implementation does not claim. `gradients` in an entry stands for the pass. */
export function isExcluded(excludes: readonly Exclude[], c: Case, backward: boolean): boolean {
  return excludes.some(({ gradients, ...partial }) => (gradients === undefined || gradients === backward) && isPartOf(partial, c));
}

/** Every key of the partial case is in the case with an equal value; `true` stands for any value. */
function isPartOf(partial: unknown, whole: unknown): boolean {
  if (partial === true) return whole !== undefined && whole !== false;
  if (typeof partial !== 'object' || partial === null) return Object.is(partial, whole);
  if (typeof whole !== 'object' || whole === null) return false;
  if (Array.isArray(partial))
    return Array.isArray(whole) && partial.length === whole.length && partial.every((p, i) => isPartOf(p, whole[i]));
  return Object.entries(partial).every(([key, value]) => isPartOf(value, (whole as Record<string, unknown>)[key]));
}
