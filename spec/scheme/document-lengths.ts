import type { Mask } from '../types/documents.js';

/**
 * The lengths of a mask's documents, empty ones too; where the mask names none, all tokens are one document. A list that does not add up to
 * the tokens has another meaning, such as the padding of each batch entry.
 */
export function documentLengths(mask: Mask | undefined, tokens: number): readonly number[] {
  const lengths = mask && 'name' in mask ? mask.parameters?.lengths : undefined;
  if (!Array.isArray(lengths)) return [tokens];
  const documents = lengths as number[];
  return documents.reduce((sum, length) => sum + length, 0) === tokens ? documents : [tokens];
}
