import type { MatrixLoops, Panels } from '../matrix/loops.js';
import { packColumns, packRows, padded } from '../matrix/pack.js';
import type { Problem } from '../problem.js';
import { readRows } from '../tensor/tensor-rows.js';

/** Keys per tile. */
export const TILE = 64;

/** Most numbers cached in tiles; with a focus, no tile is needed twice. */
const MOST = 2 ** 24;
const MOST_OF_FOCUS = 2 ** 18;

/** Cached keys and values of one key head in tiles of 64 keys, in the order of the matrix loops. */
export class KeyTiles {
  readonly room: number;
  /** Offsets in a tile: keys and values in panels of four keys, and of four columns. */
  private readonly keyRows = 0;
  private readonly valueColumns: number;
  private readonly keyColumns: number;
  private readonly valueRows: number;
  private readonly size: number;
  private readonly capacity: number;
  private readonly places: Int32Array;
  private readonly scratch: Float64Array;
  private used = 0;
  private head = -1;

  /** @param backward also loads the layouts that gradients need. */
  constructor(
    private readonly loops: MatrixLoops,
    private readonly problem: Problem,
    private readonly n: number,
    private readonly backward: boolean,
  ) {
    const { d, e } = problem.case.dims;
    this.valueColumns = TILE * d;
    this.keyColumns = this.valueColumns + TILE * padded(e);
    this.valueRows = this.keyColumns + (backward ? TILE * padded(d) : 0);
    this.size = this.valueRows + (backward ? TILE * e : 0);
    this.scratch = new Float64Array(TILE * Math.max(d, e));
    const tiles = Math.ceil(n / TILE);
    this.places = new Int32Array(tiles).fill(-1);
    this.capacity = Math.min(tiles, Math.max(this.sharers(tiles), Math.floor((problem.focus ? MOST_OF_FOCUS : MOST) / this.size)));
    this.room = this.capacity * this.size;
  }

  private sharers(tiles: number): number {
    const { focus } = this.problem;
    return focus ? Math.ceil(tiles / focus.period) : 0;
  }

  /** Loads tiles of a head; false if they do not fit. @param head key head of all batch entries. */
  load(head: number, tiles: readonly number[]): boolean {
    if (tiles.length > this.capacity) return false;
    const missing = (): number[] => (head === this.head ? tiles.filter((tile) => this.places[tile] < 0) : [...tiles]);
    if (head !== this.head || this.used + missing().length > this.capacity) {
      this.head = head;
      this.used = 0;
      this.places.fill(-1);
    }
    for (const tile of missing()) this.order(tile);
    return true;
  }

  private order(tile: number): void {
    const { numbers } = this.loops;
    const { d, e } = this.problem.case.dims;
    const { k, v } = this.problem.inputs;
    const first = tile * TILE;
    const keys = Math.min(TILE, this.n - first);
    const at = this.used++ * this.size;
    this.places[tile] = at;
    const key = this.head * this.n + first;
    const rows = this.scratch;
    readRows(k, key, keys, d, rows, 0);
    packRows(numbers, at + this.keyRows, rows, 0, keys, d, TILE);
    if (this.backward) packColumns(numbers, at + this.keyColumns, rows, 0, keys, d, TILE);
    readRows(v, key, keys, e, rows, 0);
    packColumns(numbers, at + this.valueColumns, rows, 0, keys, e, TILE);
    if (this.backward) packRows(numbers, at + this.valueRows, rows, 0, keys, e, TILE);
  }

  /** Operands of products over the head size, with keys as columns. */
  transposedKeys(tile: number): Panels {
    return { at: this.places[tile] + this.keyRows, panel: 4 * this.problem.case.dims.d };
  }

  transposedValues(tile: number): Panels {
    return { at: this.places[tile] + this.valueRows, panel: 4 * this.problem.case.dims.e };
  }

  keys(tile: number): Panels {
    return { at: this.places[tile] + this.keyColumns, panel: 4 * TILE };
  }

  values(tile: number): Panels {
    return { at: this.places[tile] + this.valueColumns, panel: 4 * TILE };
  }
}
