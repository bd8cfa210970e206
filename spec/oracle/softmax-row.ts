import { lseError, lseErrorOfScores } from '../numeric/lse-error.js';
import { additionsOf, gamma } from '../numeric/profile.js';
import { relativeError, spread } from '../numeric/relative-error.js';
import { type Winner, winningKey } from '../numeric/winning-key.js';
import type { Problem } from '../problem.js';
import { floatFormats } from '../tensor/dtype.js';
import { largestOf, OTHERS } from './focus.js';
import { type MergeError, mergeError } from './merge-error.js';
import type { RowProducts } from './row-products.js';
import { RowScores } from './row-scores.js';

/** Softmax over one row's scores, with error terms (NUMERICS, "softmax" and "logsumexp"). */
export class SoftmaxRow extends RowScores {
  /** Normalised weights, and relative errors before normalisation, in key order, up to `count`. */
  readonly weight: Float64Array;
  readonly relative: Float64Array;
  /** Scratch: factors of |v − mean| (near) and |v| (far) in the output's bound. */
  readonly near: Float64Array;
  readonly far: Float64Array;
  /** Largest score (with the sink), log Σ exp, Σ weight·relative, and the sink's weight. */
  max = 0;
  lse = 0;
  total = 0;
  sinkWeight = 0;
  /** Limit of the weight of all visible keys outside the focus. */
  others = 0;
  /** Score of the sink, infinite without a sink, and its error bound. */
  sinkScore = Infinity;
  sinkBound = 0;
  sinkRelative = 0;
  merge: MergeError | undefined;

  constructor(problem: Problem, like?: SoftmaxRow) {
    super(problem, like);
    this.weight = new Float64Array(this.most);
    this.relative = new Float64Array(this.most);
    this.near = new Float64Array(this.most);
    this.far = new Float64Array(this.most);
  }

  /** Computes row i; false without a visible key or sink. @param products known q·k of the row. */
  load(b: number, h: number, i: number, products?: RowProducts): boolean {
    if (!this.loadScores(b, h, i, products)) return false;
    this.softmax(h);
    const { focus } = this.problem;
    if (focus) this.others = Math.exp(focus.others[(b * this.heads + h) * this.m + i] - this.lse);
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
      this.sinkBound = this.lost.sink?.[h] ?? 0;
      this.sinkRelative = relativeError(this.sinkBound) + (6 - 3 * below) * a + expError;
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
    this.merge = mergeError({ numeric: this.problem.numeric, lse: this.lse, tiles: this.tiles, range: () => this.range() });
  }

  largestValue(): number {
    return largestOf(this.problem.inputs.v);
  }

  /** Limit of the difference of two parts' LSEs: range of all scores, plus log(count + 1). */
  range(): number {
    let least = this.sinkScore;
    for (let c = 0; c < this.count; c++) least = Math.min(least, this.score[c]);
    return this.max - least + Math.log(this.count + 1);
  }

  /** Error of approximate exponentials: once for the key, and once per rescaling. */
  private exponentialError(): number {
    const { exp } = this.problem.numeric;
    return exp === 0 ? 0 : Math.expm1((this.tiles + (this.sink ? 1 : 0)) * exp);
  }

  /** Error of a normalised weight p: p[(1 − p)rel + (T − p·rel) + 2(T + rel)²]. */
  spread(p: number, relative: number): number {
    return spread(p, relative, this.total);
  }

  /**
   * Adds the error of merging partial results: part i has the error of its stored LSE (NUMERICS:
   * logsumexp, merge), 6a|Lᵢ − mᵢ| + 4a(|mᵢ| + |Lᵢ| + 1) + a|Lᵢ|. For the part with a key of weight
   * p, |Lᵢ − L| ≤ −log p and |Lᵢ − mᵢ| ≤ log c.
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

  /** Relative error of the sum, rescalings and division: γ(c + 4B + 8) for c keys in B tiles, or additions in chains. */
  sumError(): number {
    return gamma(this.additions() + 4 * this.tiles + 8, this.problem.numeric.a);
  }

  /** Most additions that a key's weight takes part in: the number of keys, or fewer with `numeric.chain`. */
  additions(): number {
    const { chain } = this.problem.numeric;
    return chain === 1 ? this.count : additionsOf(chain, this.count);
  }

  lseBound(): number {
    const { a } = this.problem.numeric;
    const rho = this.total + this.sumError();
    if (!(rho < 1) || !(this.total < 0.5)) return this.lseErrorOfScores();
    const own = lseError(this.max, this.lse, rho, a);
    return own + OTHERS * this.others + (this.merge?.lse ?? 0);
  }

  /** Winner of a row and limits of all other weights; undefined with a softcap or errors in V. */
  winner(limits: Float64Array): Winner | undefined {
    const { score, scoreBound, count, tiles, sink, sinkScore, sinkBound, cap, lost, problem } = this;
    if (cap !== undefined || lost.v || !this.errsByScores()) return undefined;
    const scores = { score, bound: scoreBound, count, tiles, ...(sink && { sink: { score: sinkScore, bound: sinkBound } }) };
    return winningKey(scores, problem.numeric, limits);
  }

  private lseErrorOfScores(): number {
    const { count, max, lse, sink, sinkBound, scoreBound, problem } = this;
    if (!this.errsByScores()) return Infinity;
    let largest = sink ? sinkBound : 0;
    for (let c = 0; c < count; c++) largest = Math.max(largest, scoreBound[c]);
    const row = { count: count + (sink ? 1 : 0), max, lse, largest, exponentials: this.exponentialError(), sum: this.sumError() };
    return lseErrorOfScores(row, problem.numeric);
  }

  /** Tells if only scores have errors: no merges, no focus, no overflowing q·k. */
  private errsByScores(): boolean {
    const { numeric, focus } = this.problem;
    if (numeric.parts > 1 || this.merge || focus) return false;
    const { max } = floatFormats[numeric.accumulate];
    // the bound of a score limits its sum
    for (let c = 0; c < this.count; c++) if (!(this.largestSum(this.scoreBound[c]) < max)) return false;
    return true;
  }

  /** LSE over the keys without the sink, and its bound. */
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
    const own = lseError(max, value, rho, a);
    const others = this.others === 0 ? 0 : OTHERS * this.others * Math.exp(this.lse - value);
    return [value, own + others + (this.merge?.lse ?? 0)];
  }
}
