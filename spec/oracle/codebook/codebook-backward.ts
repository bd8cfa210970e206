import { decided } from '../../numeric/decided.js';
import { operandCut } from '../../numeric/operand-loss.js';
import { chainError, narrowStore, probabilityStore } from '../../numeric/profile.js';
import type { Codebook } from '../../problem.js';
import { type Expected, type Problem, scaleOf, zeros } from '../../problem.js';
import { KeptRows } from '../../tensor/tensor-rows.js';
import { activeRows } from '../active-rows.js';
import { type ExpectedSlice, SLICE } from '../expected-slice.js';
import { largest, largestOf } from '../focus.js';
import { addOwnBound } from '../forward-outputs.js';
import { type RunEnds, runEnds } from '../run-ends.js';
import { OWN } from './class-sums.js';
import { emptyRows, type GradientRows, queryGradients } from './codebook-gradient-rows.js';

type Coded = Problem & { readonly codebook: Codebook };

/** dq, dk and dv of a problem with classes, in slices, in linear time for any mask. */
export function* codebookBackward(problem: Coded): Generator<ExpectedSlice> {
  const { mask, inputs, codebook } = problem;
  const { b, hk } = problem.case.dims;
  const { heads, m } = mask;
  const active = activeRows(inputs.do, inputs.dlse?.data, b * heads * m);
  for (let keyHead = 0; keyHead < b * hk; keyHead++) {
    const own = Array.from({ length: b * heads }, (_, head) => head).filter((head) => codebook.keyHead[head] === keyHead);
    const terms = own.reduce((sum, head) => sum + countOf(active, head * m, m), 0) + heads / hk;
    const columns: Columns[] = [];
    for (const head of own) {
      const [batch, h] = [Math.floor(head / heads), head % heads];
      const rows = emptyRows(problem, head);
      yield* queryGradients(problem, batch, h, active, rows);
      columns.push(new Columns(problem, rows, head, terms));
    }
    yield* keyGradients(problem, keyHead, columns);
  }
}

function countOf(marks: Uint8Array, from: number, count: number): number {
  let found = 0;
  for (let at = from; at < from + count; at++) found += marks[at];
  return found;
}

function* keyGradients(problem: Coded, keyHead: number, columns: readonly Columns[]): Generator<ExpectedSlice> {
  const { numeric, case: c, mask } = problem;
  const { d, e } = c.dims;
  const { a } = numeric;
  const scale = scaleOf(problem);
  for (let end = mask.n; end > 0; end -= SLICE) {
    const first = Math.max(0, end - SLICE);
    const keys = Int32Array.from({ length: end - first }, (_, at) => keyHead * mask.n + first + at);
    const [dk, dv] = [zeros([keys.length, d]), zeros([keys.length, e])];
    for (const column of columns) column.sweep(first, end, dk, dv);
    for (let x = 0; x < dk.value.length; x++) {
      dk.value[x] *= scale;
      dk.bound[x] = Math.abs(scale) * dk.bound[x] * (1 + 3 * a) + 3 * a * Math.abs(dk.value[x]);
    }
    if (numeric.accumulate === 'f64') addOwnBound([dk, dv]);
    for (const { bound } of [dk, dv]) decided(bound);
    yield { output: 'dk', rows: keys, width: d, expected: dk };
    yield { output: 'dv', rows: keys, width: e, expected: dv };
  }
}

/** dk and dv of a key head from one query head's rows, by sums per class. */
class Columns {
  private readonly d: number;
  private readonly e: number;
  private readonly classes: number;
  /**
   * Per class: count of rows, Σ do/total, Σ slope·|do|/total [class, e], Σ δ/total, Σ offset/total.
   */
  private readonly count: Int32Array;
  private readonly cotangents: Float64Array;
  private readonly sizes: Float64Array;
  private readonly deltas: Float64Array;
  private readonly offsets: Float64Array;
  /** Absolute errors of these sums from adding and subtracting rows. */
  private driftOfCotangents = 0;
  private driftOfDeltas = 0;
  /** Error factors of Σ P·|do| and Σ |dS| by sums and stores, and of the error of dS. */
  private readonly ofWhole: number;
  private readonly ofError: number;
  /** Absolute errors near zero of one row's terms in dv and dk. */
  private readonly tinyValue: number;
  private readonly tinyKey: number;
  private readonly ends: RunEnds;
  private readonly dOut: KeptRows;
  private readonly v: KeptRows;

  constructor(
    private readonly problem: Coded,
    private readonly rows: GradientRows,
    private readonly head: number,
    terms: number,
  ) {
    const { numeric, inputs, codebook } = problem;
    const { d, e } = problem.case.dims;
    const { classes } = codebook;
    const { heads } = problem.mask;
    this.ends = runEnds(problem.mask, Math.floor(head / heads), head % heads, (i) => rows.visible[i] > 0);
    this.dOut = new KeptRows(inputs.do, e);
    this.v = new KeptRows(inputs.v, e);
    [this.d, this.e, this.classes] = [d, e, classes];
    this.count = new Int32Array(classes);
    this.cotangents = new Float64Array(classes * e);
    this.sizes = new Float64Array(classes * e);
    this.deltas = new Float64Array(classes);
    this.offsets = new Float64Array(classes);
    const narrow = narrowStore(numeric);
    const stored = numeric.scoreGradientsStored ? narrow.u : 0;
    const sum = chainError(numeric, terms) + (numeric.tf32 ? 2 ** -9 : 0) + (numeric.prescaledQ ? numeric.u : 0);
    this.ofError = (1 + stored) * (1 + sum);
    this.ofWhole = stored + sum * (1 + stored);
    const tiny = numeric.t + operandCut(numeric) + (numeric.probabilitiesStored ? probabilityStore(numeric).w : 0);
    const most = largestOf(inputs.do);
    this.tinyValue = (tiny * most + numeric.t) * this.ofError;
    const ofRows = largest(rows.delta) + largest(rows.offset) + (inputs.dlse ? 4 * largest(inputs.dlse.data) : 0);
    this.tinyKey = (tiny * (2 * e * most * largestOf(inputs.v) + ofRows) + 5 * numeric.t + narrow.w) * this.ofError;
  }

  /**
   * Adds to gradients of keys [first, end), in descending order: under a causal mask, later keys
   * only add rows, so that no sum is a small difference.
   */
  sweep(first: number, end: number, dk: Expected, dv: Expected): void {
    const { entries, first: from } = this.ends;
    for (let j = end; j > first; j--) {
      for (let x = from[j]; x < from[j + 1]; x++) this.add(entries[x] >> 1, 2 * (entries[x] & 1) - 1);
      this.write(j - 1, dk, dv, j - 1 - first);
    }
  }

  private add(i: number, sign: number): void {
    const { e, rows, problem } = this;
    const { m } = problem.mask;
    const own = problem.codebook.ofRow[this.head * m + i];
    const at = this.dOut.at(this.head * m + i);
    const dOut = this.dOut.data;
    const share = sign / rows.total[i];
    const size = share * (this.ofError * rows.slope[i] + this.ofWhole);
    let most = 0;
    for (let x = at; x < at + e; x++) most = Math.max(most, Math.abs(dOut[x]));
    this.driftOfCotangents += OWN * Math.abs(share) * most;
    this.driftOfDeltas += OWN * Math.abs(share * rows.delta[i]);
    this.count[own] += sign;
    this.deltas[own] += share * rows.delta[i];
    this.offsets[own] += share * (this.ofError * rows.offset[i] + this.ofWhole * Math.abs(rows.delta[i]));
    for (let x = 0; x < e; x++) {
      this.cotangents[own * e + x] += share * dOut[at + x];
      this.sizes[own * e + x] += size * Math.abs(dOut[at + x]);
    }
  }

  /** Adds the effect of the rows that see a key to its gradients in slot `place`. */
  private write(j: number, dk: Expected, dv: Expected, place: number): void {
    const { d, e, classes, problem, rows } = this;
    const { scores } = rows;
    const key = problem.codebook.keyHead[this.head] * problem.mask.n + j;
    const ofV = this.v.at(key);
    const v = this.v.data;
    const ofKey = problem.codebook.ofKey[key];
    const [atV, atK] = [place * e, place * d];
    for (let own = 0; own < classes; own++) {
      const count = this.count[own];
      if (count === 0) continue;
      const weight = scores.weight[own * classes + ofKey];
      let [product, size] = [0, this.driftOfDeltas];
      for (let x = 0; x < e; x++) {
        const value = this.cotangents[own * e + x];
        const bound = this.sizes[own * e + x] + this.driftOfCotangents;
        dv.value[atV + x] += weight * value;
        dv.bound[atV + x] += weight * bound + count * this.tinyValue;
        product += value * v[ofV + x];
        size += bound * Math.abs(v[ofV + x]);
      }
      const gradient = weight * (product - this.deltas[own]);
      const error = weight * (size + this.offsets[own]) + count * this.tinyKey;
      for (let x = 0; x < d; x++) {
        const q = scores.q[own * d + x];
        dk.value[atK + x] += gradient * q;
        dk.bound[atK + x] += error * Math.abs(q) + count * problem.numeric.w;
      }
    }
  }
}
