import { type Expected, zeros } from '../problem.js';
import { type ExpectedSlice, firstRows } from './expected-slice.js';
import { TILE } from './key-tiles.js';

/** Gradients of queries, keys and values. */
export interface Gradients {
  readonly dq: Expected;
  readonly dk: Expected;
  readonly dv: Expected;
}

/** Rows of a key head, and the key tiles that only these rows use. */
export interface GradientGroup {
  readonly b: number;
  readonly head: number;
  readonly tiles: readonly number[];
  readonly blocks: readonly { readonly h: number; readonly rows: readonly number[] }[];
}

/** Gradients of the rows and keys of groups of one key head. */
export class GradientSlice {
  readonly gradients: Gradients;
  private readonly empty: Uint8Array;
  private readonly rows: number[] = [];
  private readonly keys: number[] = [];
  private readonly capacity: { readonly rows: number; readonly keys: number };

  constructor(
    first: GradientGroup,
    size: number,
    private readonly dims: { readonly heads: number; readonly m: number; readonly n: number; readonly d: number; readonly e: number },
  ) {
    const { d, e } = dims;
    this.capacity = { rows: Math.max(size, rowsOf(first)), keys: Math.max(size, first.tiles.length * TILE) };
    const { rows, keys } = this.capacity;
    this.gradients = { dq: zeros([rows, d]), dk: zeros([keys, d]), dv: zeros([keys, e]) };
    this.empty = new Uint8Array(rows);
    this.head = first.head;
  }

  readonly head: number;

  takes(group: GradientGroup): boolean {
    if (group.head !== this.head || this.rows.length + rowsOf(group) > this.capacity.rows) return false;
    return this.keys.length + group.tiles.length * TILE <= this.capacity.keys;
  }

  /** Assigns slots to the rows and keys of a group. @param places slots of all rows. */
  add({ b, tiles, blocks }: GradientGroup, places: Int32Array): Map<number, number> {
    const { heads, m, n } = this.dims;
    for (const { h, rows } of blocks) for (const i of rows) places[(b * heads + h) * m + i] = this.rows.push((b * heads + h) * m + i) - 1;
    const found = new Map<number, number>();
    for (const tile of tiles) {
      found.set(tile, this.keys.length);
      const end = Math.min(n, (tile + 1) * TILE);
      for (let j = tile * TILE; j < end; j++) this.keys.push(this.head * n + j);
    }
    return found;
  }

  markEmpty(place: number): void {
    this.empty[place] = 1;
  }

  slices(): ExpectedSlice[] {
    const { d, e } = this.dims;
    const { dq, dk, dv } = this.gradients;
    const [rows, keys] = [Int32Array.from(this.rows), Int32Array.from(this.keys)];
    return [
      { output: 'dq', rows, width: d, expected: firstRows(dq, rows.length, d), empty: this.empty.subarray(0, rows.length) },
      { output: 'dk', rows: keys, width: d, expected: firstRows(dk, keys.length, d) },
      { output: 'dv', rows: keys, width: e, expected: firstRows(dv, keys.length, e) },
    ];
  }
}

function rowsOf({ blocks }: GradientGroup): number {
  return blocks.reduce((sum, { rows }) => sum + rows.length, 0);
}
