import type { Focus } from './focus.js';
import { ROWS } from './row-block.js';

/** Rows of a head that weigh the same tiles of keys: all rows, or those whose focus has the same word. */
export interface RowGroup {
  /** Rows by blocks. */
  readonly blocks: readonly (readonly number[])[];
  /** The tiles of keys that rows of this group alone weigh; none where no row weighs a key. */
  readonly tiles: readonly number[];
}

/**
 * Puts rows of a head into groups and blocks.
 * @param first index of the head's first row. @param n number of keys. @param tile keys of a tile, as many as of a block of a focus.
 */
export function* groupsOfRows(rows: readonly number[], first: number, n: number, tile: number, focus?: Focus): Generator<RowGroup> {
  const tiles = Math.ceil(n / tile);
  if (!focus || focus.width !== tile) {
    yield { blocks: blocksOf(rows, 0, rows.length), tiles: tilesFrom(0, 1, tiles) };
    return;
  }
  const words = Math.min(focus.period, tiles);
  // a counting sort: place 0 is of rows that see no key
  const starts = new Int32Array(words + 2);
  const placeOf = (i: number) => (focus.block[first + i] < 0 ? 0 : 1 + (focus.block[first + i] % focus.period));
  for (const i of rows) starts[placeOf(i) + 1]++;
  for (let place = 0; place <= words; place++) starts[place + 1] += starts[place];
  const next = starts.slice();
  const sorted = new Int32Array(rows.length);
  for (const i of rows) sorted[next[placeOf(i)]++] = i;
  for (let place = 0; place <= words; place++) {
    const [from, to] = [starts[place], starts[place + 1]];
    if (from < to) yield { blocks: blocksOf(sorted, from, to), tiles: place === 0 ? [] : tilesFrom(place - 1, focus.period, tiles) };
  }
}

function blocksOf(rows: ArrayLike<number>, from: number, to: number): number[][] {
  return Array.from({ length: Math.ceil((to - from) / ROWS) }, (_, block) => {
    const start = from + block * ROWS;
    return Array.from({ length: Math.min(ROWS, to - start) }, (_row, at) => rows[start + at]);
  });
}

function tilesFrom(first: number, step: number, end: number): number[] {
  return Array.from({ length: Math.ceil((end - first) / step) }, (_, place) => first + place * step);
}
