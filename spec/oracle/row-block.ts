import { memoised } from '../lib/memoised.js';
import type { MatrixLoops, matrixLoops, Panels } from '../matrix/loops.js';
import { packColumns, padded } from '../matrix/pack.js';
import type { Expected, Problem } from '../problem.js';
import type { Float64Tensor } from '../tensor/tensor-rows.js';
import { forRows, readRows } from '../tensor/tensor-rows.js';
import { runsInFocus } from './focus.js';
import { KeySums } from './key-sums.js';
import { KeyTiles, TILE } from './key-tiles.js';
import type { RowProducts } from './row-products.js';
import type { SoftmaxRow } from './softmax-row.js';

/** Rows of a block. */
export const ROWS = 32;

/** Fewest rows of a block, and products of a problem, for which blocks are faster. */
const LEAST_ROWS = 4;
const LEAST_PRODUCTS = 2 ** 16;

const MOST_CELLS = 3;

type Table = 0 | 1 | 2 | 3;

/** Tells if all numbers are finite: ∞ − ∞ is NaN. */
const areFinite = memoised((tensor: Float64Tensor): boolean => {
  let finite = true;
  forRows(tensor, (rows) => {
    for (let at = 0; finite && at < rows.length; at++) finite = rows[at] - rows[at] === 0;
  });
  return finite;
});

function copyMagnitudes(numbers: Float64Array, from: number, to: number, count: number): void {
  for (let x = 0; x < count; x++) numbers[to + x] = Math.abs(numbers[from + x]);
}

/** Products of a block of rows with the key tiles that they see. Tables are 0 for hidden cells. */
export class RowBlock {
  private readonly tiles: KeyTiles;
  private readonly d: number;
  private readonly e: number;
  /** Offsets in the loops' memory: rows of q and do, magnitudes, panels; two sums per row. */
  private readonly rowsOf: { readonly q: number; readonly do: number };
  private readonly magnitudes: { readonly q: number; readonly do: number };
  private readonly panels: { readonly q: number; readonly do: number };
  private readonly sums: number;
  private readonly keySums: Readonly<Record<'q' | 'do', KeySums>>;
  private readonly tables: number;
  /** Tiles of the block, their columns, its row count, and the row length of a table. */
  private active: number[] = [];
  private readonly column: Int32Array;
  private count = 0;
  private row = 0;
  private readonly runs: Int32Array;

  /** Undefined if single rows are faster, or an input has an infinity or an error. */
  static of(problem: Problem, row: SoftmaxRow, backward: boolean, loopsOf: typeof matrixLoops): RowBlock | undefined {
    const { m, n, d, e, lost } = row;
    const { merge, prescaledQ } = problem.numeric;
    const { focus } = problem;
    if (focus ? focus.width !== TILE : m < LEAST_ROWS || m * n * (d + e) < LEAST_PRODUCTS) return undefined;
    if (row.capHides || merge?.form === 'difference' || (backward && prescaledQ)) return undefined;
    const used = ['q', 'k', 'v', ...(backward ? ['do'] : [])];
    if (used.some((name) => lost[name] || !areFinite(problem.inputs[name]))) return undefined;
    const loops = loopsOf();
    return loops && new RowBlock(loops, problem, row, backward);
  }

  private constructor(
    private readonly loops: MatrixLoops,
    private readonly problem: Problem,
    private readonly shape: SoftmaxRow,
    private readonly backward: boolean,
  ) {
    const { n, d, e } = shape;
    this.d = d;
    this.e = e;
    this.tiles = new KeyTiles(loops, problem, n, backward);
    this.column = new Int32Array(n);
    this.runs = new Int32Array(n + 2);
    let at = this.tiles.room;
    const room = (width: number) => {
      const from = at;
      at += ROWS * width;
      return from;
    };
    this.rowsOf = { q: room(d), do: room(backward ? e : 0) };
    this.magnitudes = { q: room(d), do: room(backward ? e : 0) };
    this.panels = { q: room(backward ? padded(d) : 0), do: room(backward ? padded(e) : 0) };
    this.sums = room(2 * Math.max(padded(d), padded(e)));
    const sumsFrom = at;
    const ofKeys = (width: number) => {
      const own = new KeySums(backward ? n : 0, width, problem.focus?.period ?? 1, at);
      at += own.room;
      return own;
    };
    this.keySums = { q: ofKeys(d), do: ofKeys(e) };
    this.tables = at;
    loops.reserve(at);
    loops.numbers.fill(0, sumsFrom, at);
  }

  /** Loads rows of a head; false if single rows are faster. */
  place(b: number, h: number, rows: readonly number[]): boolean {
    const { mask, focus } = this.problem;
    if (!focus && rows.length < LEAST_ROWS) return false;
    const { column, runs, shape } = this;
    this.count = rows.length;
    this.active = [];
    let cells = 0;
    const marks = new Set<number>();
    for (const i of rows) {
      const all = mask.runs(b, h, i, runs);
      const runCount = focus ? runsInFocus(focus, (b * shape.heads + h) * shape.m + i, runs, all) : all;
      for (let r = 0; r < runCount; r++) {
        const [start, end] = [runs[2 * r], runs[2 * r + 1]];
        cells += end - start;
        for (let tile = Math.floor(start / TILE); tile * TILE < end; tile++) marks.add(tile);
      }
    }
    if (cells === 0 || (!focus && cells * MOST_CELLS < rows.length * marks.size * TILE)) return false;
    this.active = [...marks].sort((x, y) => x - y);
    const head = b * shape.keyHeads + shape.keyHead(h);
    this.row = this.active.length * TILE + 8;
    this.loops.reserve(this.tables + 4 * ROWS * this.row);
    if (!this.tiles.load(head, this.active)) return false;
    this.active.forEach((tile, place) => {
      const end = Math.min(TILE, column.length - tile * TILE);
      for (let j = 0; j < end; j++) column[tile * TILE + j] = place * TILE + j;
    });
    this.copyRows(b, h, rows, 'q', this.d);
    if (this.backward) this.copyRows(b, h, rows, 'do', this.e);
    return true;
  }

  private copyRows(b: number, h: number, rows: readonly number[], name: 'q' | 'do', width: number): void {
    const { numbers } = this.loops;
    const tensor = this.problem.inputs[name];
    const at = this.rowsOf[name];
    const sizes = this.magnitudes[name];
    const first = (b * this.shape.heads + h) * this.shape.m;
    for (let r = 0; r < rows.length; r++) readRows(tensor, first + rows[r], 1, width, numbers, at + r * width);
    copyMagnitudes(numbers, at, sizes, rows.length * width);
    for (const from of [at, sizes]) numbers.fill(0, from + rows.length * width, from + padded(rows.length) * width);
    if (this.backward) packColumns(numbers, this.panels[name], numbers, at, rows.length, width, padded(rows.length));
  }

  private table(table: Table, r = 0): number {
    return this.tables + (table * ROWS + r) * this.row;
  }

  /** Computes Σ q·k and Σ |q·k| for all rows and keys. */
  multiplyKeys(): void {
    this.overColumns('q', this.d, 0, (tile) => this.tiles.transposedKeys(tile));
  }

  multiplyValues(): void {
    this.overColumns('do', this.e, 2, (tile) => this.tiles.transposedValues(tile));
  }

  private overColumns(name: 'q' | 'do', width: number, into: 0 | 2, panels: (tile: number) => Panels): void {
    const { loops, row } = this;
    const size = { rows: padded(this.count), columns: TILE, terms: width };
    loops.numbers.fill(0, this.table(into), this.table((into + 1) as Table) + ROWS * row);
    this.active.forEach((tile, place) => {
      const b = panels(tile);
      loops.multiply(size, { at: this.rowsOf[name], row: width, term: 1 }, b, { at: this.table(into) + place * TILE, row });
      const sizes = { at: this.magnitudes[name], row: width, term: 1 };
      loops.multiplyAbsolute(size, sizes, b, { at: this.table((into + 1) as Table) + place * TILE, row });
    });
  }

  /** Products of a row with keys (`first` 0), or of its cotangent with values (2). */
  products(r: number, first: 0 | 2 = 0): RowProducts {
    return { numbers: this.loops.numbers, sum: this.table(first, r), absolute: this.table((first + 1) as Table, r), column: this.column };
  }

  write(table: Table, r: number, { key, count }: SoftmaxRow, values: Float64Array | undefined): void {
    const { column } = this;
    const { numbers } = this.loops;
    const at = this.table(table, r);
    const seen = values ? count : 0;
    const first = seen > 0 ? column[key[0]] : 0;
    if (values && seen > 0 && column[key[seen - 1]] - first === seen - 1) {
      numbers.fill(0, at, at + first);
      numbers.set(values.subarray(0, seen), at + first);
      numbers.fill(0, at + first + seen, at + this.row);
      return;
    }
    numbers.fill(0, at, at + this.row);
    if (values) for (let c = 0; c < seen; c++) numbers[at + column[key[c]]] = values[c];
  }

  private clearPadding(tables: readonly Table[]): void {
    for (const table of tables) this.loops.numbers.fill(0, this.table(table, this.count), this.table(table, padded(this.count)));
  }

  /** Computes o = Σ weight·v and Σ near·|v − o| + far·|v| of each row, from tables 0, 2, 1. */
  output(): void {
    const { loops, tiles, row } = this;
    const width = padded(this.e);
    const size = { rows: padded(this.count), columns: width, terms: TILE };
    const value = { at: this.sums, row: width };
    const bound = { at: this.sums + ROWS * width, row: width };
    this.clearPadding([0, 1, 2]);
    loops.numbers.fill(0, value.at, bound.at + ROWS * width);
    const part = (table: Table, place: number) => ({ at: this.table(table) + place * TILE, row, term: 1 });
    this.active.forEach((tile, place) => {
      loops.multiply(size, part(0, place), tiles.values(tile), value);
    });
    this.active.forEach((tile, place) => {
      loops.multiplyAbsolute(size, part(1, place), tiles.values(tile), bound);
      loops.spread(size, part(2, place), tiles.values(tile), value.at, bound);
    });
  }

  /** Computes Σ weight·k and Σ error·|k| of every row from tables 2 and 3. */
  addOverKeys(): void {
    const { loops, tiles, row } = this;
    const width = padded(this.d);
    const size = { rows: padded(this.count), columns: width, terms: TILE };
    this.clearPadding([2, 3]);
    loops.numbers.fill(0, this.sums, this.sums + 2 * ROWS * width);
    this.active.forEach((tile, place) => {
      loops.multiply(size, { at: this.table(2) + place * TILE, row, term: 1 }, tiles.keys(tile), { at: this.sums, row: width });
      const errors = { at: this.table(3) + place * TILE, row, term: 1 };
      loops.multiplyAbsolute(size, errors, tiles.keys(tile), { at: this.sums + ROWS * width, row: width });
    });
  }

  /** Sums of a row after `output` or `addOverKeys`. @param width of v, or of k. */
  sumsOf(r: number, width: number): { value: Float64Array; bound: Float64Array } {
    const { numbers } = this.loops;
    const at = (sum: number) => this.sums + (sum * ROWS + r) * padded(width);
    return { value: numbers.subarray(at(0), at(0) + width), bound: numbers.subarray(at(1), at(1) + width) };
  }

  /** Adds Σ weight·x and Σ error·|x| over the block's rows x of q or do to the sums per key. */
  addOverRows(name: 'q' | 'do', weight: Table, error: Table): void {
    const { loops, row } = this;
    const width = padded(name === 'q' ? this.d : this.e);
    const size = { rows: TILE, columns: width, terms: padded(this.count) };
    const b = { at: this.panels[name], panel: 4 * padded(this.count) };
    this.clearPadding([weight, error]);
    this.active.forEach((tile, place) => {
      const [value, bound] = this.keySums[name].of(tile);
      loops.multiply(size, { at: this.table(weight) + place * TILE, row: 1, term: row }, b, value);
      loops.multiplyAbsolute(size, { at: this.table(error) + place * TILE, row: 1, term: row }, b, bound);
    });
  }

  takeKeySums(name: 'q' | 'do', tile: number, gradient: Expected, first: number, uses: Uint32Array, tiny: number): void {
    this.keySums[name].take(tile, this.loops, gradient, first, uses, tiny);
  }
}
