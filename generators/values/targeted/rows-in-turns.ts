import type { CompiledMask } from '../../../spec/mask/compile/compiled-mask.js';
import type { Case } from '../../../spec/types/documents.js';
import type { WholeDims } from '../whole-dims.js';
import { BLOCK } from './amplitude.js';
import { targetingOf } from './targeting.js';

/**
 * Marks the rows [b, hk·g, m] with cotangents; undefined if every row has one. Query heads of a key
 * head take turns, a block of rows each, so that a key sums as many rows as with one head.
 */
export function rowsInTurns(c: Case, dims: WholeDims, mask: CompiledMask): Uint8Array | undefined {
  const { b, hk, heads, m } = dims;
  const g = heads / hk;
  if (g === 1 || m < g * BLOCK || !targetingOf(c, dims, mask)) return undefined;
  const place = (h: number) => (c.dialect?.heads === 'tiled' ? Math.floor(h / hk) : h % g);
  return Uint8Array.from({ length: b * heads * m }, (_, row) =>
    Number((Math.floor((row % m) / BLOCK) + place(Math.floor(row / m) % heads)) % g === 0),
  );
}
