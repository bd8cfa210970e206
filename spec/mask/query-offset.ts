import type { Case, Dialect } from '../types/documents.js';

/** Position of query 0 among the keys of the whole attention (CONTRACTS: dialect, `causal`). */
export function queryOffset(causal: Dialect['causal'], m: number, n: number, block?: Case['block']): number {
  const [rows, keys] = block?.whole ?? [m, n];
  return (causal === 'top-left' ? 0 : keys - rows) + (block ? block.queries[0] - block.keys[0] : 0);
}
