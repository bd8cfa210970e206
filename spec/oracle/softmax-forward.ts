import { matrixLoops } from '../matrix/loops.js';
import { gamma, probabilityStore } from '../numeric/profile.js';
import { type Expectation, type Expected, type Problem, zeros } from '../problem.js';
import { type ExpectedSlice, SLICE } from './expected-slice.js';
import { knownOthers } from './focus.js';
import { emptyLse, ForwardSlice, forwardExpectation, leaveRow, zeroOutputs } from './forward-outputs.js';
import { TILE } from './key-tiles.js';
import { finishBound, outputError, outputRow } from './output-row.js';
import { RowBlock } from './row-block.js';
import { RowGroups } from './row-groups.js';
import { SoftmaxRow } from './softmax-row.js';

/** Selects judged rows to evaluate; other rows have value 0 and an infinite bound. */
export type RowFilter = (b: number, h: number, i: number) => boolean;

/**
 * Outputs o [b, hk·g, m, e] and lse [b, hk·g, m] of softmax attention, with bounds. For `finite`,
 * empty LSEs are −∞; the comparator accepts any finite number ≤ −1e4.
 */
export function softmaxForward(problem: Problem, rows?: RowFilter, loopsOf = matrixLoops): Expectation {
  const forward = new Forward(problem, loopsOf);
  forward.run(rows);
  return forward.expectation();
}

/** `softmaxForward` in slices, to save memory; a slice is valid until the next one. */
export function softmaxForwardSlices(problem: Problem, size = SLICE, loopsOf = matrixLoops): Generator<ExpectedSlice> {
  return new Forward(problem, loopsOf).slices(size);
}

class Forward {
  private readonly row: SoftmaxRow;
  private readonly block: RowBlock | undefined;
  private o: Expected;
  private lse: Expected;
  private empty: Uint8Array;
  private places: Int32Array | undefined;
  /** Weights of keys outside each row's focus, if slices cover all rows. */
  private others: Float64Array | undefined;

  constructor(
    private readonly problem: Problem,
    loopsOf: typeof matrixLoops,
  ) {
    const row = new SoftmaxRow(problem);
    this.row = row;
    this.block = RowBlock.of(problem, row, false, loopsOf);
    [this.o, this.lse, this.empty] = [zeros([0]), zeros([0]), new Uint8Array()];
  }

  *slices(size: number): Generator<ExpectedSlice> {
    const { heads, m, n } = this.row;
    this.places = new Int32Array(this.problem.case.dims.b * heads * m);
    const { focus } = this.problem;
    if (focus && !this.problem.rows) this.others = new Float64Array(this.places.length).fill(NaN);
    for (let head = 0; head < this.problem.case.dims.b * heads; head++) {
      const judged = Array.from({ length: m }, (_, i) => i).filter((i) => this.problem.rows?.[head * m + i] !== 0);
      const groups = new RowGroups(judged, head * m, n, TILE, this.problem.focus);
      let slice: ForwardSlice | undefined;
      for (let group = 0; group < groups.count; group++) {
        for (const rows of groups.blocks(group)) {
          if (slice && !slice.hasRoom(rows.length)) {
            yield* slice.slices();
            slice = undefined;
          }
          slice ??= this.begun(new ForwardSlice(this.problem, Math.max(size, rows.length)));
          for (const i of rows) this.places[head * m + i] = slice.add(head * m + i);
          this.addRows(Math.floor(head / heads), head % heads, rows);
        }
      }
      if (slice) yield* slice.slices();
    }
    if (focus && this.others) knownOthers.set(focus, this.others);
  }

  private begun(slice: ForwardSlice): ForwardSlice {
    ({ o: this.o, lse: this.lse, empty: this.empty } = slice);
    return slice;
  }

  run(rows: RowFilter | undefined): void {
    const { heads, m, e } = this.row;
    ({ o: this.o, lse: this.lse, empty: this.empty } = zeroOutputs(this.problem));
    for (let b = 0; b < this.problem.case.dims.b; b++) {
      for (let h = 0; h < heads; h++) {
        const chosen: number[] = [];
        for (let i = 0; i < m; i++) {
          const at = (b * heads + h) * m + i;
          if (this.problem.rows?.[at] === 0 || (rows && !rows(b, h, i))) {
            leaveRow({ o: this.o, lse: this.lse }, at, e);
          } else if (this.block) chosen.push(i);
          else this.addRow(b, h, i);
        }
        const groups = new RowGroups(chosen, (b * heads + h) * m, this.row.n, TILE, this.problem.focus);
        for (let group = 0; group < groups.count; group++) for (const block of groups.blocks(group)) this.addRows(b, h, block);
      }
    }
  }

  private addRows(b: number, h: number, rows: readonly number[]): void {
    const { row, block } = this;
    if (!block?.place(b, h, rows)) {
      for (const i of rows) this.addRow(b, h, i);
      return;
    }
    block.multiplyKeys();
    const errors = rows.map((i, r) => {
      const seen = row.load(b, h, i, block.products(r));
      const error = seen ? outputError(row) : undefined;
      block.write(0, r, row, seen ? row.weight : undefined);
      block.write(1, r, row, error && row.far);
      block.write(2, r, row, error && row.near);
      if (seen) this.setLse(b, h, i);
      else this.setEmpty(b, h, i);
      return error;
    });
    block.output();
    rows.forEach((i, r) => {
      if (this.empty[this.placeOf(b, h, i)]) return;
      const sums = block.sumsOf(r, row.e);
      const [value, bound] = this.outputAt(b, h, i);
      value.set(sums.value);
      bound.set(sums.bound);
      finishBound(value, bound, errors[r]);
    });
  }

  private addRow(b: number, h: number, i: number): void {
    const { row } = this;
    if (!row.load(b, h, i)) {
      this.setEmpty(b, h, i);
      return;
    }
    outputRow(row, b, h, ...this.outputAt(b, h, i));
    this.setLse(b, h, i);
  }

  private placeOf(b: number, h: number, i: number): number {
    const at = (b * this.row.heads + h) * this.row.m + i;
    return this.places?.[at] ?? at;
  }

  private outputAt(b: number, h: number, i: number): [value: Float64Array, bound: Float64Array] {
    const { e } = this.row;
    const at = this.placeOf(b, h, i) * e;
    return [this.o.value.subarray(at, at + e), this.o.bound.subarray(at, at + e)];
  }

  private setLse(b: number, h: number, i: number): void {
    const { row, lse, problem } = this;
    const at = this.placeOf(b, h, i);
    if (this.others) this.others[(b * row.heads + h) * row.m + i] = row.others;
    [lse.value[at], lse.bound[at]] = problem.dialect.lseSink === 'excluded' ? row.lseWithoutSink() : [row.lse, row.lseBound()];
  }

  private setEmpty(b: number, h: number, i: number): void {
    const { row, problem } = this;
    const at = this.placeOf(b, h, i);
    this.empty[at] = 1;
    emptyRow(row, b, h, ...this.outputAt(b, h, i));
    this.lse.value[at] = emptyLse[problem.dialect.emptyLse];
  }

  expectation(): Expectation {
    const { problem, o, lse, empty } = this;
    return forwardExpectation(problem, { o, lse, empty });
  }
}

/** Writes o of an empty row: zero, NaN or the mean of the values. Only the mean has an error. */
function emptyRow(row: SoftmaxRow, b: number, h: number, value: Float64Array, bound: Float64Array): void {
  bound.fill(0);
  const policy = row.problem.dialect.emptyOutput;
  value.fill(policy === 'nan' ? NaN : 0);
  if (policy !== 'mean') return;
  const { e, firstKey, endKey } = row;
  const n = endKey - firstKey;
  const { numeric, inputs } = row.problem;
  const v = inputs.v.data;
  const base = (b * row.keyHeads + row.keyHead(h)) * row.n * e;
  if (n === 0) {
    bound.fill(Infinity);
    return;
  }
  for (let j = firstKey; j < endKey; j++) {
    for (let x = 0; x < e; x++) {
      value[x] += v[base + j * e + x] / n;
      bound[x] += Math.abs(v[base + j * e + x]) / n;
    }
  }
  const store = numeric.probabilitiesStored ? probabilityStore(numeric) : { u: 0, w: numeric.w };
  const tiles = Math.ceil(n / numeric.tile);
  const error = gamma(n + 4 * tiles + 8, numeric.a) + gamma(n + 2, numeric.a) + 6 * numeric.a + store.u;
  for (let x = 0; x < e; x++) bound[x] = bound[x] * error + 2 * store.w * n * bound[x] + numeric.w;
  const { v: lost } = row.lost;
  if (lost) for (let j = firstKey; j < endKey; j++) for (let x = 0; x < e; x++) bound[x] += (lost[base + j * e + x] / n) * (1 + error);
}

/** Adds `tiny` to every nonzero bound. */
export function addTiny({ bound }: Expected, tiny: number): void {
  if (tiny > 0) for (let x = 0; x < bound.length; x++) if (bound[x] > 0) bound[x] += tiny;
}
