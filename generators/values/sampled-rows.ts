import { hashOf } from '../../spec/lib/hash.js';
import type { CompiledMask } from '../../spec/mask/compile/compiled-mask.js';
import type { Tensor } from '../../spec/tensor/tensor.js';
import type { Case } from '../../spec/types/documents.js';
import type { WholeDims } from './whole-dims.js';

const TILES = [16, 64, 128];

/** Most rows beside document edges; later documents are sampled as other rows are. */
const DOCUMENT_ROWS = 24;

/**
 * Marks `values.rows` judged rows [b, hk·g, m]; undefined if every row is judged. Key heads take
 * turns; in each head, rows at edges (of the whole, of tiles, of documents) and other rows do.
 */
export function sampledRows(
  { values: { rows: wanted, seed }, packed }: Pick<Case, 'values' | 'packed'>,
  { b, hk, heads, m }: Pick<WholeDims, 'b' | 'hk' | 'heads' | 'm'>,
  { tables }: Pick<CompiledMask, 'tables'>,
): Uint8Array | undefined {
  if (wanted === undefined || wanted >= b * heads * m) return undefined;
  const rows = new Uint8Array(b * heads * m);
  const edges = edgeRows(m, packed ? ends(packed.q) : tableEdges(tables.document, m));
  const g = heads / hk;
  let count = 0;
  for (let turn = 0; ; turn++) {
    for (let x = 0; x < b * hk; x++) {
      const group = (x + hashOf(seed, 31)) % (b * hk);
      const head = group * g + ((turn + hashOf(seed, 32, group)) % g);
      const found = nextRow(rows.subarray(head * m, (head + 1) * m), edges, hashOf(seed, 33, head), Math.floor(turn / g));
      if (found < 0) continue;
      rows[head * m + found] = 1;
      if (++count === wanted) return rows;
    }
  }
}

/** Next unchosen row of a head, an edge or any row by turns; −1 if every row is chosen. */
function nextRow(chosen: Uint8Array, edges: readonly number[], seed: number, turn: number): number {
  const m = chosen.length;
  const first = turn % 2 === 0 ? edges[(seed + turn / 2) % edges.length] : hashOf(seed, turn) % m;
  for (let step = 0; step < m; step++) if (!chosen[(first + step) % m]) return (first + step) % m;
  return -1;
}

function edgeRows(m: number, edges: readonly number[]): number[] {
  const tiles = TILES.flatMap((tile) => [tile, m - (m % tile)]);
  const all = [0, m - 1, ...[...tiles, ...edges].flatMap((row) => [row - 1, row])];
  return [...new Set(all)].filter((row) => row >= 0 && row < m);
}

function tableEdges(document: Tensor | undefined, m: number): number[] {
  const edges: number[] = [];
  if (!document) return edges;
  for (let i = 1; i < m && edges.length < DOCUMENT_ROWS / 2; i++) if (document.data[i] !== document.data[i - 1]) edges.push(i);
  return edges;
}

function ends(lengths: readonly number[]): number[] {
  let end = 0;
  return lengths.map((length) => {
    end += length;
    return end;
  });
}
