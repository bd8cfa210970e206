import type { Explanation } from '../types/documents.js';

/** Fills sizes into an explanation: "a tile of 16 or 32 keys", "a tile of 1 key". */
export function explanationText({ text, sizes = [] }: Explanation): string {
  const singular = sizes.length === 1 && sizes[0] === 1;
  return (singular ? text.replace('{} keys', '{} key') : text).replace('{}', sizes.join(' or '));
}
