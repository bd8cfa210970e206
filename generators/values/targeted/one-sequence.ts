import type { Case } from '../../../spec/types/documents.js';

/**
 * Tells whether a history is not one call's: long inputs of a cache are one sequence, appended in
 * order, so that a token's index is its position.
 */
export function isOfSeveral({ history }: Pick<Case, 'history'>): boolean {
  return history !== undefined && !isOneSequence({ history });
}

/**
 * Tells whether a case is a call on a paged cache with one sequence, appended in order, with pages
 * that may have moved.
 */
export function isOneSequence({ history }: Pick<Case, 'history'>): boolean {
  if (history?.[0].op !== 'create') return false;
  return history.slice(1).every((one) => one.op === 'permute' || (one.op === 'append' && one.sequences.join() === '0'));
}
