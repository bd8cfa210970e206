import type { matrixLoops } from '../matrix/loops.js';
import { operandCut } from '../numeric/operand-loss.js';
import { gamma } from '../numeric/profile.js';
import type { Expected, Problem } from '../problem.js';
import type { Gradients } from './gradient-slice.js';
import { TILE } from './key-tiles.js';
import { finishBound, outputError } from './output-row.js';
import { RowBlock } from './row-block.js';
import { RowGradients } from './row-gradients.js';
import type { SoftmaxRow } from './softmax-row.js';

/** Most keys of a row in a block, as each row has its arrays. */
const MOST_KEYS = 2 ** 15;

interface Sums {
  /** Relative error of a sum over the rows of a key, and over the keys of a row. */
  readonly ofRows: number;
  ofKeys(row: SoftmaxRow): number;
  setScoreGradients(gradients: RowGradients, i: number): void;
  placeOf(i: number): number;
  /** Bound of the effect of keys outside the focus on each element of dq. */
  ofOthers?(row: SoftmaxRow, i: number): number;
}

/** Gradients of softmax attention by blocks of rows, with the bounds of single rows. */
export class BlockGradients {
  private readonly rows: RowGradients[] = [];
  /** Number of rows in blocks that use each key of a head. */
  private readonly uses: Uint32Array;

  /** Undefined if single rows are faster. */
  static of(problem: Problem, row: SoftmaxRow, loopsOf: typeof matrixLoops): BlockGradients | undefined {
    const block = row.most <= MOST_KEYS ? RowBlock.of(problem, row, true, loopsOf) : undefined;
    return block && new BlockGradients(problem, row, block);
  }

  private constructor(
    private readonly problem: Problem,
    private readonly row: SoftmaxRow,
    private readonly block: RowBlock,
  ) {
    this.uses = new Uint32Array(row.n);
  }

  /** Loads rows of a head; false if single rows are faster. */
  place(b: number, h: number, rows: readonly number[]): boolean {
    return this.block.place(b, h, rows);
  }

  /** Adds rows of a head to dq, and to the sums of keys and values. Returns the empty rows. */
  add(b: number, h: number, rows: readonly number[], dq: Expected, sums: Sums): number[] {
    const { problem, block } = this;
    const { a, w, tf32, copies } = problem.numeric;
    const { d, e } = this.row;
    const gammaE = gamma(e, a) + (tf32 ? 2 ** -9 : 0);
    const gammaRows = sums.ofRows;
    const cut = copies * operandCut(problem.numeric);
    while (this.rows.length < rows.length) this.rows.push(new RowGradients(problem, this.row));
    block.multiplyKeys();
    const errors = rows.map((i, r) => {
      const own = this.rows[r];
      const seen = own.row.load(b, h, i, block.products(r));
      const error = seen ? outputError(own.row) : undefined;
      if (seen) own.setProbabilities();
      block.write(0, r, own.row, seen ? own.p : undefined);
      block.write(1, r, own.row, error && own.row.far);
      block.write(2, r, own.row, error && own.row.near);
      return { seen, error };
    });
    const seenRows = rows.flatMap((i, r) => (errors[r].seen ? [{ i, r, own: this.rows[r] }] : []));
    block.output();
    for (const { r, own } of seenRows) {
      const { value, bound } = block.sumsOf(r, e);
      own.o.set(value);
      own.oBound.set(bound);
      finishBound(own.o, own.oBound, errors[r].error);
    }
    block.multiplyValues();
    for (const { r, own } of seenRows) {
      own.takeProducts(block.products(r, 2), gammaE, e * w);
      setValueErrors(own, gammaRows);
      block.write(1, r, own.row, own.row.far);
    }
    block.addOverRows('do', 0, 1);
    for (const { own } of seenRows) countUses(this.uses, own.row);
    rows.forEach((_, r) => {
      if (!errors[r].seen) for (const table of [2, 3] as const) block.write(table, r, this.row, undefined);
    });
    for (const { i, r, own } of seenRows) {
      sums.setScoreGradients(own, i);
      const { row, dp } = own;
      setErrors(own, cut, sums.ofKeys(row), gammaRows);
      block.write(2, r, row, dp);
      block.write(3, r, row, row.near);
      block.write(1, r, row, row.far);
    }
    block.addOverKeys();
    for (const { i, r, own } of seenRows) {
      addOfRow(block.sumsOf(r, d), dq, sums.placeOf(i) * d, own.row.count * copies * w + (sums.ofOthers?.(own.row, i) ?? 0));
    }
    block.addOverRows('q', 2, 1);
    return rows.filter((_, r) => !errors[r].seen);
  }

  load(b: number, h: number, rows: readonly number[], visit: (row: SoftmaxRow, i: number) => void): void {
    this.block.multiplyKeys();
    for (const [r, i] of rows.entries()) if (this.row.load(b, h, i, this.block.products(r))) visit(this.row, i);
  }

  /** Adds the sums of key tiles to dk and dv. @param placeOf index of a tile's first key there. */
  takeKeys(tiles: readonly number[], placeOf: (tile: number) => number, { dk, dv }: Pick<Gradients, 'dk' | 'dv'>): void {
    const { block, uses, row } = this;
    const { w, t, copies } = this.problem.numeric;
    for (const tile of tiles) {
      const own = uses.subarray(tile * TILE, Math.min(row.n, (tile + 1) * TILE));
      block.takeKeySums('q', tile, dk, placeOf(tile), own, copies * w);
      block.takeKeySums('do', tile, dv, placeOf(tile), own, copies * t);
      own.fill(0);
    }
  }
}

/** Sets `far` to the errors of the keys in dv. */
function setValueErrors({ p, pBound, row: { far, count } }: RowGradients, ofRows: number): void {
  for (let c = 0; c < count; c++) far[c] = pBound[c] + ofRows * (p[c] + pBound[c]);
}

/** Sets `near` and `far` to the errors of dS in dq and dk. */
function setErrors({ dp, dpBound, row: { near, far, count } }: RowGradients, cut: number, ofKeys: number, ofRows: number): void {
  for (let c = 0; c < count; c++) {
    const error = dpBound[c] + cut;
    const size = Math.abs(dp[c]) + error;
    near[c] = error + ofKeys * size;
    far[c] = error + ofRows * size;
  }
}

function countUses(uses: Uint32Array, { key, count }: SoftmaxRow): void {
  for (let c = 0; c < count; c++) uses[key[c]]++;
}

function addOfRow(sums: { value: Float64Array; bound: Float64Array }, dq: Expected, at: number, more: number): void {
  const { value, bound } = sums;
  const { value: to, bound: toBound } = dq;
  for (let x = 0; x < value.length; x++) {
    to[at + x] += value[x];
    toBound[at + x] += bound[x] + more;
  }
}
