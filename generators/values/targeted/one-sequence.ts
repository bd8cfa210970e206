import type { Case } from '../../../spec/types/documents.js';

/**
 * Tells whether a case has a history that its inputs cannot be those of one call of: the long inputs of a cache are of one sequence, whose tokens were
 * appended in order, so that a token's place is its position.
 */
export function isOfSeveral({ history }: Pick<Case, 'history'>): boolean {
  return history !== undefined && !isOneSequence({ history });
}

/** Tells whether a case is a call on a cache of pages that has one sequence, which was appended to, and whose pages may have been moved. */
export function isOneSequence({ history }: Pick<Case, 'history'>): boolean {
  if (history?.[0].op !== 'create') return false;
  return history.slice(1).every((one) => one.op === 'permute' || (one.op === 'append' && one.sequences.join() === '0'));
}
