import { gamma } from '../numeric/profile.js';
import { relativeError } from '../numeric/relative-error.js';
import { type MergeError, mergeError } from './merge-error.js';
import type { Problem } from './problem.js';
import { RowScores } from './row-scores.js';

/** The softmax over one row's scores, streamed, with what its bounds need. Rules: NUMERICS, "softmax" and "logsumexp". */
export class SoftmaxRow extends RowScores {
  /** Normalised weights and their relative error before normalisation, in key order; valid up to `count`. */
  readonly weight: Float64Array;
  readonly relative: Float64Array;
  /** Scratch: what a value's distance from the mean, and its size, weigh in the bound. */
  readonly near: Float64Array;
  readonly far: Float64Array;
  /** Largest score (or sink), log Σ exp, Σ weight·relative, and the sink's weight. */
  max = 0;
  lse = 0;
  total = 0;
  sinkWeight = 0;
  /** The sink itself; infinite where there is none. */
  private sinkScore = Infinity;
  /** Relative error of the sink's exponential before normalisation. */
  sinkRelative = 0;
  /** Error of merging results over parts of the keys, where the implementation does it itself. */
  merge: MergeError | undefined;

  constructor(problem: Problem) {
    super(problem);
    this.weight = new Float64Array(this.n);
    this.relative = new Float64Array(this.n);
    this.near = new Float64Array(this.n);
    this.far = new Float64Array(this.n);
  }

  /** Keys, scores, bounds and softmax of row i. @returns false where the row is empty: no visible key and no sink. */
  load(b: number, h: number, i: number): boolean {
    if (!this.loadScores(b, h, i)) return false;
    this.softmax(h);
    return true;
  }

  private softmax(h: number): void {
    const { score, scoreBound, weight, relative, count } = this;
    const { a } = this.problem.numeric;
    const expError = this.exponentialError();
    let max = this.sink ? this.sink[h] : -Infinity;
    for (let c = 0; c < count; c++) if (score[c] > max) max = score[c];
    let sum = 0;
    let total = 0;
    for (let c = 0; c < count; c++) {
      const below = score[c] - max;
      const p = Math.exp(below);
      const rel = relativeError(scoreBound[c]) + (6 - 3 * below) * a + expError;
      weight[c] = p;
      relative[c] = rel;
      sum += p;
      total += p === 0 ? (rel === Infinity ? Infinity : 0) : p * rel;
    }
    if (this.sink) {
      this.sinkScore = this.sink[h];
      const below = this.sinkScore - max;
      const p = Math.exp(below);
      this.sinkWeight = p;
      this.sinkRelative = relativeError(this.lost.sink?.[h] ?? 0) + (6 - 3 * below) * a + expError;
      sum += p;
      total += p * this.sinkRelative;
    }
    const inverse = 1 / sum;
    for (let c = 0; c < count; c++) weight[c] *= inverse;
    this.sinkWeight *= inverse;
    this.max = max;
    this.lse = max + Math.log(sum);
    this.total = total * inverse;
    if (this.problem.numeric.parts > 1) this.addMergeErrors();
    this.merge = mergeError(this);
  }

  /** How far apart the LSEs of two parts of the keys can be: the range of the scores, the sink among them, and the logarithm of their number. */
  range(): number {
    let least = this.sinkScore;
    for (let c = 0; c < this.count; c++) least = Math.min(least, this.score[c]);
    return this.max - least + Math.log(this.count + 1);
  }

  /** What approximate exponentials come to in a weight: its own, and one for each rescaling by a later tile or by the sink. */
  private exponentialError(): number {
    const { exp } = this.problem.numeric;
    return exp === 0 ? 0 : Math.expm1((this.tiles + (this.sink ? 1 : 0)) * exp);
  }

  /** What the error of a weight before normalisation, and of all the others, makes of it: p[(1 − p)rel + (T − p·rel) + 2(T + rel)²]. */
  spread(p: number, relative: number): number {
    const sum = this.total + relative;
    return p * ((1 - p) * relative + (this.total - p * relative) + 2 * sum * sum);
  }

  /**
   * Partial results that are merged by their LSEs: a part's weight is off by what its LSE is when it is stored (NUMERICS: logsumexp, merge),
   * 6a|Lᵢ − mᵢ| + 4a(|mᵢ| + |Lᵢ| + 1) + a|Lᵢ|. Of the part that has a key of weight p, |Lᵢ − L| ≤ −log p and |Lᵢ − mᵢ| ≤ log c.
   */
  private addMergeErrors(): void {
    const { weight, relative, count } = this;
    const { a } = this.problem.numeric;
    const common = 10 * Math.log(Math.max(count, 1)) + 9 * Math.abs(this.lse) + 4;
    const errorOf = (p: number) => Math.expm1(a * (common - 9 * Math.log(p)));
    for (let c = 0; c < count; c++) {
      if (weight[c] === 0) continue;
      const off = errorOf(weight[c]);
      relative[c] += off;
      this.total += weight[c] * off;
    }
    if (this.sink && this.sinkWeight > 0) {
      const off = errorOf(this.sinkWeight);
      this.sinkRelative += off;
      this.total += this.sinkWeight * off;
    }
  }

  /** γ(c + 4B + 8): the relative error of the running sum, its rescalings and the division. */
  sumError(): number {
    return gamma(this.count + 4 * this.tiles + 8, this.problem.numeric.a);
  }

  /** Error bound of log Σ exp. */
  lseBound(): number {
    const { a } = this.problem.numeric;
    const rho = this.total + this.sumError();
    if (!(rho < 1) || !(this.total < 0.5)) return Infinity;
    const own = rho / (1 - rho) + 6 * a * Math.abs(this.lse - this.max) + 4 * a * (Math.abs(this.max) + Math.abs(this.lse) + 1);
    return own + (this.merge?.lse ?? 0);
  }

  /** log Σ exp over the keys alone, without the sink, as some implementations return it. @returns value and bound. */
  lseWithoutSink(): [number, number] {
    if (!this.sink) return [this.lse, this.lseBound()];
    if (this.count === 0) return [-Infinity, 0];
    const { a } = this.problem.numeric;
    const { score, relative, count } = this;
    let max = -Infinity;
    for (let c = 0; c < count; c++) if (score[c] > max) max = score[c];
    let sum = 0;
    let total = 0;
    for (let c = 0; c < count; c++) {
      const p = Math.exp(score[c] - max);
      sum += p;
      total += p * relative[c];
    }
    const value = max + Math.log(sum);
    const t = total / sum;
    const rho = t + this.sumError();
    if (!(rho < 1) || !(t < 0.5)) return [value, Infinity];
    const own = rho / (1 - rho) + 6 * a * Math.abs(value - max) + 4 * a * (Math.abs(max) + Math.abs(value) + 1);
    return [value, own + (this.merge?.lse ?? 0)];
  }
}
