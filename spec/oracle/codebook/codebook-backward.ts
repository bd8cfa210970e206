import { decided } from '../../numeric/decided.js';
import { operandCut } from '../../numeric/operand-loss.js';
import { chainError, narrowStore, probabilityStore } from '../../numeric/profile.js';
import { activeRows } from '../active-rows.js';
import { largest } from '../focus.js';
import { type Expectation, type Expected, type Problem, scaleOf, zeros } from '../problem.js';
import { runEnds } from '../run-ends.js';
import { addOwnBound } from '../softmax-forward.js';
import { OWN } from './class-sums.js';
import type { Codebook } from './codebook.js';
import { type GradientRows, gradientRows } from './codebook-gradient-rows.js';

/** Gradients dq, dk and dv of a problem whose queries and keys have classes, in time that grows with queries and keys, whatever the mask shows. */
export function codebookBackward(problem: Problem & { readonly codebook: Codebook }): Expectation {
  const { mask, inputs, numeric, codebook } = problem;
  const { b, hk, d, e } = problem.case.dims;
  const { heads, m, n } = mask;
  const dq = zeros([b, heads, m, d]);
  const dk = zeros([b, hk, n, d]);
  const dv = zeros([b, hk, n, e]);
  const active = activeRows(inputs.do, inputs.dlse?.data, b * heads * m);
  const empty = new Uint8Array(b * heads * m);
  const rowsOf = new Int32Array(b * hk);
  for (let row = 0; row < active.length; row++) rowsOf[codebook.keyHead[Math.floor(row / m)]] += active[row];
  for (let head = 0; head < b * heads; head++) {
    const [batch, h] = [Math.floor(head / heads), head % heads];
    const rows = gradientRows(problem, batch, h, active, dq);
    for (let i = 0; i < m; i++) if (active[head * m + i] && rows.visible[i] === 0) empty[head * m + i] = 1;
    const keyHead = codebook.keyHead[head];
    new Columns(problem, rows, head, rowsOf[keyHead] + heads / hk, dk, dv).sweep(batch, h, (i) => rows.visible[i] > 0);
  }
  const { a } = numeric;
  const scale = scaleOf(problem);
  for (let x = 0; x < dk.value.length; x++) {
    dk.value[x] *= scale;
    dk.bound[x] = Math.abs(scale) * dk.bound[x] * (1 + 3 * a) + 3 * a * Math.abs(dk.value[x]);
  }
  if (numeric.accumulate === 'f64') addOwnBound([dq, dk, dv]);
  for (const { bound } of [dq, dk, dv]) decided(bound);
  return { outputs: { dq, dk, dv }, empty };
}

/** dk and dv of a key head from the rows of one query head, by sums over the rows that see a key, by class. */
class Columns {
  private readonly d: number;
  private readonly e: number;
  private readonly classes: number;
  /** Number of rows of each class that see the present key, Σ do/total, Σ slope·|do|/total [class, e], Σ δ/total and Σ offset/total. */
  private readonly count: Int32Array;
  private readonly cotangents: Float64Array;
  private readonly sizes: Float64Array;
  private readonly deltas: Float64Array;
  private readonly offsets: Float64Array;
  /** Absolute errors of these sums, from what was added and taken away again. */
  private driftOfCotangents = 0;
  private driftOfDeltas = 0;
  /** Of Σ P·|do| and Σ |dS|, what sums over rows and the store of dS lose; and the part of the error of dS that grows with it. */
  private readonly ofWhole: number;
  private readonly ofError: number;
  /** Absolute errors near zero of one row's terms in dv and dk. */
  private readonly tinyValue: number;
  private readonly tinyKey: number;

  constructor(
    private readonly problem: Problem & { readonly codebook: Codebook },
    private readonly rows: GradientRows,
    private readonly head: number,
    terms: number,
    private readonly dk: Expected,
    private readonly dv: Expected,
  ) {
    const { numeric, inputs, codebook } = problem;
    const { d, e } = problem.case.dims;
    const { classes } = codebook;
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
    const most = largest(inputs.do.data);
    this.tinyValue = (tiny * most + numeric.t) * this.ofError;
    const ofRows = largest(rows.delta) + largest(rows.offset) + (inputs.dlse ? 4 * largest(inputs.dlse.data) : 0);
    this.tinyKey = (tiny * (2 * e * most * largest(inputs.v.data) + ofRows) + 5 * numeric.t + narrow.w) * this.ofError;
  }

  /** One sweep from the last key to the first: under a causal mask rows only come, so that no sum is what is left of larger ones. */
  sweep(b: number, h: number, wanted: (i: number) => boolean): void {
    const { codebook, mask } = this.problem;
    const { first, entries } = runEnds(mask, b, h, wanted);
    const from = codebook.keyHead[this.head] * mask.n;
    for (let j = mask.n; j > 0; j--) {
      for (let x = first[j]; x < first[j + 1]; x++) this.add(entries[x] >> 1, 2 * (entries[x] & 1) - 1);
      this.write(from + j - 1);
    }
  }

  private add(i: number, sign: number): void {
    const { e, rows, problem } = this;
    const { m } = problem.mask;
    const own = problem.codebook.ofRow[this.head * m + i];
    const dOut = problem.inputs.do.data;
    const share = sign / rows.total[i];
    const size = share * (this.ofError * rows.slope[i] + this.ofWhole);
    const at = (this.head * m + i) * e;
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

  /** Writes what the rows that see a key add to its gradients. */
  private write(key: number): void {
    const { d, e, classes, dk, dv, problem, rows } = this;
    const { scores } = rows;
    const v = problem.inputs.v.data;
    const ofKey = problem.codebook.ofKey[key];
    const [atV, atK] = [key * e, key * d];
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
        product += value * v[atV + x];
        size += bound * Math.abs(v[atV + x]);
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
