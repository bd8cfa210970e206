import type { Mask } from '../types/documents.js';

/** Lengths of a mask's documents; one document if it has no list with this sum. */
export function documentLengths(mask: Mask | undefined, tokens: number): readonly number[] {
  const lengths = mask && 'name' in mask ? mask.parameters?.lengths : undefined;
  if (!Array.isArray(lengths)) return [tokens];
  const documents = lengths as number[];
  return documents.reduce((sum, length) => sum + length, 0) === tokens ? documents : [tokens];
}
