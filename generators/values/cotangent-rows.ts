import type { CompiledMask } from '../../spec/mask/compile/compiled-mask.js';
import type { Case } from '../../spec/types/documents.js';
import { sampledRows } from './sampled-rows.js';
import { BLOCK } from './targeted/amplitude.js';
import { targetingOf } from './targeted/targeting.js';
import type { WholeDims } from './whole-dims.js';

/**
 * Marks the rows [b, hk·g, m] with drawn cotangents. The cotangents of all other rows are zero.
 * Undefined if every row has one.
 * @param ofQueries true for an output with a row for each query.
 */
export function cotangentRows(c: Case, dims: WholeDims, mask: CompiledMask, ofQueries: boolean): Uint8Array | undefined {
  const rows = (ofQueries ? sampledRows(c, dims, mask) : undefined) ?? rowsInTurns(c, dims, mask);
  const seeing = ofQueries && c.dialect?.emptyOutput === 'mean' ? rowsWithKeys(dims, mask) : undefined;
  return rows && seeing ? rows.map((row, at) => row & seeing[at]) : (rows ?? seeing);
}

/**
 * Marks the rows that see a key. The output of a row without keys is a mean of the values, and the
 * dialect leaves its gradients open: they are zero for q and k where a kernel selects the scores,
 * and not zero where it adds a low number to them.
 */
function rowsWithKeys({ b, heads, m, n }: WholeDims, mask: CompiledMask): Uint8Array | undefined {
  const rows = new Uint8Array(b * heads * m);
  const runs = new Int32Array(n + 2);
  let at = 0;
  for (let x = 0; x < b; x++) for (let h = 0; h < heads; h++) for (let i = 0; i < m; i++) rows[at++] = Number(mask.runs(x, h, i, runs) > 0);
  return rows.includes(0) ? rows : undefined;
}

/** Query heads of a key head take turns, a block of rows each: a key sums as many rows as with one head. */
function rowsInTurns(c: Case, dims: WholeDims, mask: CompiledMask): Uint8Array | undefined {
  const { b, hk, heads, m } = dims;
  const g = heads / hk;
  if (g === 1 || m < g * BLOCK || !targetingOf(c, dims, mask)) return undefined;
  const place = (h: number) => (c.dialect?.heads === 'tiled' ? Math.floor(h / hk) : h % g);
  return Uint8Array.from({ length: b * heads * m }, (_, row) =>
    Number((Math.floor((row % m) / BLOCK) + place(Math.floor(row / m) % heads)) % g === 0),
  );
}
