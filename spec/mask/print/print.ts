import type { Mask } from '../../types/documents.js';

/** Mask in one line: `causal`, `sliding-window(left=8, right=0)`, `(causal and document(…))`. */
export function printMask(mask: Mask): string {
  if ('and' in mask) return `(${mask.and.map(printMask).join(' and ')})`;
  if ('or' in mask) return `(${mask.or.map(printMask).join(' or ')})`;
  if ('not' in mask) return `not ${printMask(mask.not)}`;
  if ('heads' in mask) return `heads(${mask.heads.map(printMask).join(', ')})`;
  const parameters = Object.entries(mask.parameters ?? {}).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return parameters.length === 0 ? mask.name : `${mask.name}(${parameters.join(', ')})`;
}
