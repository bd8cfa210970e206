import { murmurHash } from '../../lib/hash.js';

/** Edges 0, size, 2·size, …, length. */
export function evenEdges(length: number, size: number): Int32Array {
  const blocks = Math.ceil(length / size);
  return Int32Array.from({ length: blocks + 1 }, (_, x) => Math.min(x * size, length));
}

/** Edges of blocks with seeded sizes, uniform around `mean`; a short rest joins the last block. */
export function unevenEdges(length: number, seed: number, mean: number, min: number): Int32Array {
  const choices = Math.max(2 * (mean - min), 0) + 1;
  const edges = [0];
  for (let block = 0; ; block++) {
    const edge = edges[block] + min + (murmurHash(seed, -1, block) % choices);
    if (edge + min > length) break;
    edges.push(edge);
  }
  edges.push(length);
  return Int32Array.from(edges);
}

/** Block of each token. */
export function blockIndex(edges: Int32Array): Int32Array {
  const index = new Int32Array(edges[edges.length - 1]);
  for (let block = 0; block + 1 < edges.length; block++) index.fill(block, edges[block], edges[block + 1]);
  return index;
}

/** Chooses the same share of columns in every row, at least one, by a seed. */
export function chooseInRows(rows: number, columns: number, share: number, seed: number): Uint8Array {
  const chosen = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row++)
    choose(chosen.subarray(row * columns, (row + 1) * columns), share, (column) => murmurHash(seed, row, column));
  return chosen;
}

/** Chooses a share of all cells, at least one, by a seed. */
export function chooseInAll(rows: number, columns: number, share: number, seed: number): Uint8Array {
  const chosen = new Uint8Array(rows * columns);
  choose(chosen, share, (cell) => murmurHash(seed, Math.floor(cell / columns), cell % columns));
  return chosen;
}

function choose(cells: Uint8Array, share: number, rank: (cell: number) => number): void {
  const count = Math.min(Math.max(Math.round(share * cells.length), 1), cells.length);
  const ranks = new Uint32Array(cells.length);
  for (let cell = 0; cell < cells.length; cell++) ranks[cell] = rank(cell);
  const sorted = ranks.slice().sort();
  const last = sorted[count - 1];
  let ties = count - sorted.indexOf(last);
  for (let cell = 0; cell < cells.length; cell++) {
    if (ranks[cell] < last || (ranks[cell] === last && ties-- > 0)) cells[cell] = 1;
  }
}
