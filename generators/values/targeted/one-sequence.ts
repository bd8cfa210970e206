import type { Case } from '../../../spec/types/documents.js';

/** True if a history is not one sequence in order, in which a token's number is its position. */
export function isOfSeveral({ history }: Pick<Case, 'history'>): boolean {
  return history !== undefined && !isOneSequence({ history });
}

/** True for a paged cache with one sequence, built by appends and permutations of pages. */
export function isOneSequence({ history }: Pick<Case, 'history'>): boolean {
  if (history?.[0].op !== 'create') return false;
  return history.slice(1).every((one) => one.op === 'permute' || (one.op === 'append' && one.sequences.join() === '0'));
}
