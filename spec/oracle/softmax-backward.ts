import { matrixLoops } from '../matrix/loops.js';
import { decided } from '../numeric/decided.js';
import { type Expectation, type Problem, zeros } from '../problem.js';
import { readRows } from '../tensor/tensor-rows.js';
import { activeRows } from './active-rows.js';
import { BlockGradients } from './block-gradients.js';
import { type ExpectedSlice, SLICE } from './expected-slice.js';
import { knownOthers } from './focus.js';
import { FocusErrors } from './focus-errors.js';
import { addOwnBound } from './forward-outputs.js';
import { GradientErrors } from './gradient-errors.js';
import { type GradientGroup, GradientSlice, type Gradients } from './gradient-slice.js';
import { TILE } from './key-tiles.js';
import { RowGradients } from './row-gradients.js';
import { RowGroups } from './row-groups.js';
import { ScoreTerms } from './score-terms.js';
import { SingleRow } from './single-row.js';
import type { SoftmaxRow } from './softmax-row.js';

/**
 * Gradients of softmax attention for present inputs, from cotangents `do` [b, hk·g, m, e] and
 * optionally `dlse` [b, hk·g, m] (NUMERICS, "Backward"). Empty rows have gradients of exactly zero.
 */
export function softmaxBackward(problem: Problem, loopsOf = matrixLoops): Expectation {
  return new Backward(problem, loopsOf).run();
}

/** `softmaxBackward` in slices, each valid until the next; undefined if keys sum over all rows. */
export function softmaxBackwardSlices(problem: Problem, size = SLICE, loopsOf = matrixLoops): Generator<ExpectedSlice> | undefined {
  const backward = new Backward(problem, loopsOf);
  return backward.hasSlices ? backward.slices(size) : undefined;
}

class Backward {
  private readonly single: RowGradients;
  private readonly row: SoftmaxRow;
  /** All gradients, or those of the current slice. */
  private gradients: Gradients;
  private places: Int32Array | undefined;
  private noted = false;
  private readonly terms: ScoreTerms;
  /** 1 for each row [b, hk·g, m] with nonzero cotangents; other rows add exact zeros. */
  private readonly active: Uint8Array;
  private readonly others?: FocusErrors;
  private readonly errors: GradientErrors;
  private readonly singleRow: SingleRow;
  private readonly blocks: BlockGradients | undefined;
  private readonly dOut: Float64Array;

  constructor(
    private readonly problem: Problem,
    loopsOf: typeof matrixLoops,
  ) {
    const { b } = problem.case.dims;
    this.single = new RowGradients(problem);
    const { row } = this.single;
    this.row = row;
    this.dOut = new Float64Array(row.e);
    this.blocks = BlockGradients.of(problem, row, loopsOf);
    this.gradients = { dq: zeros([0]), dk: zeros([0]), dv: zeros([0]) };
    this.terms = new ScoreTerms(problem, row);
    this.active = activeRows(problem.inputs.do, problem.inputs.dlse?.data, b * row.heads * row.m);
    const { focus } = problem;
    if (focus) this.others = new FocusErrors({ ...problem, focus }, row, this.active);
    this.errors = new GradientErrors(problem, row, this.active, this.others);
    this.singleRow = new SingleRow(problem, this.single, this.errors);
  }

  run(): Expectation {
    const { row } = this;
    const { b, hk } = this.problem.case.dims;
    this.gradients = { dq: zeros([b, row.heads, row.m, row.d]), dk: zeros([b, hk, row.n, row.d]), dv: zeros([b, hk, row.n, row.e]) };
    const empty = new Uint8Array(b * row.heads * row.m);
    for (const group of this.groups()) {
      for (const at of this.addGroup(group)) empty[at] = 1;
      this.blocks?.takeKeys(group.tiles, (tile) => group.head * row.n + tile * TILE, this.gradients);
    }
    for (let head = 0; this.others && head < b * hk; head++) this.addOthers(this.gradients, head, head * row.n, row.n);
    this.finish();
    return { outputs: { ...this.gradients, ...this.terms.gradients }, empty };
  }

  /** Tells if slices are possible: the rows of each key are known. */
  get hasSlices(): boolean {
    return this.blocks !== undefined && this.others !== undefined;
  }

  *slices(size: number): Generator<ExpectedSlice> {
    this.noteRows();
    const places = new Int32Array(this.active.length);
    this.places = places;
    let slice: GradientSlice | undefined;
    for (const group of this.groups()) {
      if (slice?.takes(group) === false) {
        yield* this.finished(slice);
        slice = undefined;
      }
      slice ??= new GradientSlice(group, size, this.row);
      this.gradients = slice.gradients;
      const keys = slice.add(group, places);
      for (const at of this.addGroup(group)) slice.markEmpty(places[at]);
      this.blocks?.takeKeys(group.tiles, (tile) => keys.get(tile) as number, this.gradients);
    }
    if (slice) yield* this.finished(slice);
    yield* this.inactive(size);
    for (const [output, { value, bound }] of Object.entries(this.terms.gradients)) {
      decided(bound);
      const expected = { shape: [value.length, 1], value, bound };
      yield { output, rows: Int32Array.from(value.keys()), width: 1, expected };
    }
  }

  private *finished(slice: GradientSlice): Generator<ExpectedSlice> {
    const { dk } = slice.gradients;
    this.addOthers(slice.gradients, slice.head, 0, dk.shape[0]);
    this.finish();
    yield* slice.slices();
  }

  private *inactive(size: number): Generator<ExpectedSlice> {
    const { d } = this.row;
    const rows = Int32Array.from(this.active.keys()).filter((at) => !this.active[at]);
    for (let from = 0; from < rows.length; from += size) {
      const own = rows.subarray(from, from + size);
      yield { output: 'dq', rows: own, width: d, expected: zeros([own.length, d]) };
    }
  }

  /** Groups of active rows that share no key with another group. */
  private *groups(): Generator<GradientGroup> {
    const { row } = this;
    const { b: entries, hk } = this.problem.case.dims;
    for (let head = 0; head < entries * hk; head++) {
      const b = Math.floor(head / hk);
      const heads = Array.from({ length: row.heads }, (_, h) => h).filter((h) => row.keyHead(h) === head % hk);
      const groups = heads.map((h) => {
        const first = this.rowAt(b, h, 0);
        const active: number[] = [];
        for (let i = 0; i < row.m; i++) if (this.active[first + i]) active.push(i);
        return new RowGroups(active, first, row.n, TILE, this.problem.focus);
      });
      for (let group = 0; group < groups[0].count; group++) {
        const blocks = heads.flatMap((h, at) => groups[at].blocks(group).map((rows) => ({ h, rows })));
        yield { b, head, tiles: groups[0].tiles(group), blocks };
      }
    }
  }

  private addGroup({ b, blocks }: GradientGroup): number[] {
    return blocks.flatMap(({ h, rows }) => this.addRows(b, h, rows).map((i) => this.rowAt(b, h, i)));
  }

  /** Records all rows' weights on other keys, before any key is finished. */
  private noteRows(): void {
    const { row, blocks, others } = this;
    const { focus } = this.problem;
    const known = focus && knownOthers.get(focus);
    for (const { b, blocks: all } of this.groups()) {
      for (const { h, rows } of all) {
        if (known) {
          for (const i of rows) {
            const at = this.rowAt(b, h, i);
            const own = { others: known[at], e: row.e };
            if (!Number.isNaN(own.others)) others?.note(own, b, h, at, this.cotangent(at), this.lseCotangent(at));
          }
          continue;
        }
        if (!blocks?.place(b, h, rows)) continue;
        blocks.load(b, h, rows, (_, i) => {
          const at = this.rowAt(b, h, i);
          others?.note(row, b, h, at, this.cotangent(at), this.lseCotangent(at));
        });
      }
    }
    this.noted = true;
  }

  /** Adds the effect of rows with other targets to the bounds of a head's keys. */
  private addOthers({ dk, dv }: Gradients, head: number, first: number, keys: number): void {
    const { d, e } = this.row;
    const more = this.others?.ofKeys(head);
    if (!more) return;
    for (let x = first * d; x < (first + keys) * d; x++) dk.bound[x] += more.dk;
    for (let x = first * e; x < (first + keys) * e; x++) dv.bound[x] += more.dv;
  }

  private finish(): void {
    this.errors.addPartialStores(this.gradients);
    this.scaleQueriesAndKeys();
    this.errors.addPartStores(this.gradients);
    const outputs = [...Object.values(this.gradients), ...(this.places ? [] : Object.values(this.terms.gradients))];
    for (const { bound } of outputs) decided(bound);
    if (this.problem.numeric.accumulate === 'f64') addOwnBound(outputs);
  }

  private addRows(b: number, h: number, rows: readonly number[]): number[] {
    if (this.blocks?.place(b, h, rows)) {
      return this.blocks.add(b, h, rows, this.gradients.dq, {
        ofRows: this.errors.ofRows(b, h, this.rowAt(b, h, rows[0])),
        ofKeys: (row) => this.errors.ofKeys(row),
        setScoreGradients: (gradients, i) => this.setScoreGradients(gradients, b, h, i),
        placeOf: (i) => this.placeOf(this.rowAt(b, h, i)),
        ofOthers: (row, i) => this.ofOthers(row, b, h, i),
      });
    }
    return rows.filter((i) => {
      if (!this.single.load(b, h, i)) return true;
      const at = this.rowAt(b, h, i);
      this.singleRow.addValues(this.gradients, b, h, at, this.cotangent(at));
      this.setScoreGradients(this.single, b, h, i);
      this.singleRow.addQueriesAndKeys(this.gradients, b, h, at);
      const others = this.ofOthers(this.row, b, h, i);
      const first = this.placeOf(at) * this.row.d;
      for (let x = first; x < first + this.row.d; x++) this.gradients.dq.bound[x] += others;
      return false;
    });
  }

  private rowAt(b: number, h: number, i: number): number {
    return (b * this.row.heads + h) * this.row.m + i;
  }

  private placeOf(at: number): number {
    return this.places?.[at] ?? at;
  }

  /** Bound of the effect of keys outside the focus on dq; records the row's weight on them. */
  private ofOthers(row: SoftmaxRow, b: number, h: number, i: number): number {
    if (!this.others) return 0;
    const at = this.rowAt(b, h, i);
    const [dOut, dLse] = [this.cotangent(at), this.lseCotangent(at)];
    if (!this.noted) this.others.note(row, b, h, at, dOut, dLse);
    return this.others.ofRow(row, dOut, dLse);
  }

  /** Cotangent of a row, valid until the next call. */
  private cotangent(at: number): Float64Array {
    readRows(this.problem.inputs.do, at, 1, this.row.e, this.dOut, 0);
    return this.dOut;
  }

  /** Computes dS from P and dP, and adds the gradients of score terms. */
  private setScoreGradients(gradients: RowGradients, b: number, h: number, i: number): void {
    const { problem } = this;
    const { row } = gradients;
    const at = this.rowAt(b, h, i);
    const dOut = this.cotangent(at);
    const dLse = this.lseCotangent(at);
    const lost = row.lost.do?.subarray(at * row.e, (at + 1) * row.e);
    const excluded = problem.dialect.lseSink === 'excluded';
    if (row.sink) {
      const forSink = excluded ? 0 : dLse;
      this.terms.addSink(row, h, ...gradients.delta(dOut, forSink, lost), forSink);
    }
    // without the sink, the LSE's derivative is the key's weight among the keys alone
    const forKeys = excluded && row.count > 0 ? dLse / (1 - row.sinkWeight) : dLse;
    const [delta, deltaBound] = gradients.delta(dOut, forKeys, lost);
    gradients.scoreGradients(delta, deltaBound, forKeys);
    this.terms.addAlibi(gradients, h, i);
    if (!row.capsBias) this.terms.addBias(gradients, b, h, i);
    if (row.cap !== undefined) gradients.throughSoftcap(row.cap);
    if (row.capsBias) this.terms.addBias(gradients, b, h, i);
    if (problem.numeric.scoreGradientsStored) gradients.storeScoreGradients();
  }

  /** Cotangent of a row's natural LSE: lse₂ = lse / ln 2. */
  private lseCotangent(at: number): number {
    const { inputs, dialect } = this.problem;
    return (inputs.dlse?.data[at] ?? 0) / (dialect.lseBase === '2' ? Math.LN2 : 1);
  }

  private scaleQueriesAndKeys(): void {
    const { scale } = this.row;
    const { a } = this.problem.numeric;
    const size = Math.abs(scale);
    for (const { value, bound } of [this.gradients.dq, this.gradients.dk]) {
      for (let x = 0; x < value.length; x++) {
        value[x] *= scale;
        bound[x] = size * bound[x] * (1 + 3 * a) + 3 * a * Math.abs(value[x]);
      }
    }
  }
}
