import { operandCut } from '../numeric/operand-loss.js';
import { gamma, narrowStore, probabilityStore } from '../numeric/profile.js';
import { relativeError } from '../numeric/relative-error.js';
import type { Problem } from '../problem.js';
import type { DType } from '../tensor/dtype.js';
import { storedBound } from './output-bound.js';
import { outputRow } from './output-row.js';
import { type RowProducts, takeProducts } from './row-products.js';
import { SoftmaxRow } from './softmax-row.js';

/**
 * Backward pass of one row of softmax attention up to its scores: P, dP and dS with their bounds, in key order, valid up to
 * `row.count`. The bounds follow NUMERICS, "Backward": P is recomputed from the LSE, and Δ from the stored output or from Σ P·dP,
 * whichever bound is larger.
 */
export class RowGradients {
  readonly row: SoftmaxRow;
  /** Output of the row and its bound. */
  readonly o: Float64Array;
  readonly oBound: Float64Array;
  readonly p: Float64Array;
  readonly pBound: Float64Array;
  /** dP; after `scoreGradients`, the gradient dS of the softmax's scores; after `throughSoftcap`, that of the scores before the cap. */
  readonly dp: Float64Array;
  readonly dpBound: Float64Array;

  /** @param like another row of the problem. */
  constructor(
    private readonly problem: Problem,
    like?: SoftmaxRow,
  ) {
    const row = new SoftmaxRow(problem, like);
    this.row = row;
    this.o = new Float64Array(row.e);
    this.oBound = new Float64Array(row.e);
    this.p = new Float64Array(row.most);
    this.pBound = new Float64Array(row.most);
    this.dp = new Float64Array(row.most);
    this.dpBound = new Float64Array(row.most);
  }

  /** Computes the scores, output and P of a row. @returns false if the row is empty. */
  load(b: number, h: number, i: number): boolean {
    if (!this.row.load(b, h, i)) return false;
    outputRow(this.row, b, h, this.o, this.oBound);
    this.setProbabilities();
    return true;
  }

  /** Computes P = exp(s − LSE) of the loaded scores and its bounds, recomputed from the stored LSE. */
  setProbabilities(): void {
    const { row, p, pBound } = this;
    const { numeric } = this.problem;
    const { a, t, copies } = numeric;
    const lseType: DType = numeric.accumulate === 'f64' ? 'f64' : 'f32';
    const lseBound = storedBound(row.lse, row.lseBound(), lseType, false);
    const store = numeric.probabilitiesStored ? probabilityStore(numeric) : undefined;
    const stale = 2 * a * Math.abs(row.lse);
    const tiny = copies * (t + operandCut(numeric));
    for (let c = 0; c < row.count; c++) {
      const s = row.score[c];
      const weight = row.weight[c];
      let e =
        weight *
          (relativeError(row.scoreBound[c] + lseBound + 2 * a * Math.abs(s) + stale) + (6 + 3 * Math.abs(s - row.lse)) * a + numeric.exp) +
        tiny;
      if (!(row.total < 0.5)) e = Infinity;
      if (store) e += store.u * (weight + e) + copies * store.w;
      p[c] = weight;
      pBound[c] = e;
    }
  }

  /** Sets dP and its bounds from products that are computed already. @param relative error of a product, by its magnitude. @param absolute error. */
  takeProducts(products: RowProducts, relative: number, absolute: number): void {
    const { row, dp, dpBound } = this;
    const { key, count } = row;
    takeProducts(products, key, count, dp, dpBound);
    for (let c = 0; c < count; c++) dpBound[c] = relative * dpBound[c] + absolute;
  }

  /**
   * Computes Δ − dlse and its bound: the larger of the bounds of Σ dO·O (with O as stored) and of Σ P·dP.
   * @param lost absolute error of reading each element of dOut.
   * @returns value and bound.
   */
  delta(dOut: Float64Array, dLse: number, lost?: Float64Array): [number, number] {
    const { row, o, oBound, p, pBound, dp, dpBound } = this;
    const { numeric } = this.problem;
    const { a, w } = numeric;
    const cut = operandCut(numeric);
    let value = 0;
    let stored = 0;
    let absolute = 0;
    for (let x = 0; x < row.e; x++) {
      const g = Math.abs(dOut[x]);
      const e = storedBound(o[x], oBound[x], numeric.storage, numeric.flushToZero) + cut;
      value += dOut[x] * o[x];
      stored += g === 0 ? 0 : g * e + (lost?.[x] ?? 0) * (Math.abs(o[x]) + e);
      absolute += g === 0 ? 0 : g * (Math.abs(o[x]) + e);
    }
    stored += (gamma(row.e, a) + (numeric.tf32 ? 2 ** -9 : 0)) * absolute + row.e * w;
    let composed = 0;
    let composedAbsolute = 0;
    for (let c = 0; c < row.count; c++) {
      const size = Math.abs(dp[c]);
      composed += pBound[c] * (size + dpBound[c]) + p[c] * dpBound[c];
      composedAbsolute += p[c] * size;
    }
    composed += gamma(row.count, a) * (composedAbsolute + composed);
    const bound = Math.max(stored, composed);
    const x = value - dLse;
    return [x, dLse === 0 ? bound : bound * (1 + a) + a * Math.abs(x)];
  }

  /**
   * Computes dS = P·(dP − Δ + dlse) into dp and dpBound. The bound also covers P·dP − P·Δ + P·dlse, composed of operations whose
   * roundings do not cancel, where the P of the output and that of the LSE are computed apart, with errors of their own.
   * @param delta Δ − dlse. @param dLse cotangent of the row's LSE.
   */
  scoreGradients(delta: number, deltaBound: number, dLse: number): void {
    const { row, p, pBound, dp, dpBound } = this;
    const { a, t, copies } = this.problem.numeric;
    const scale = this.shrinking();
    const lost = (copies * t) / scale;
    const ofWeight = scale < 1 ? lost : 0;
    for (let c = 0; c < row.count; c++) {
      const x = dp[c] - delta;
      const e = (dpBound[c] + deltaBound) * (1 + a) + a * Math.abs(x);
      const r = p[c] * x;
      const rounded = a * (p[c] * (Math.abs(dp[c]) + Math.abs(delta)) + Math.abs(r)) + 3 * lost;
      dp[c] = r;
      dpBound[c] =
        (pBound[c] + ofWeight) * (apart(x, dLse) + e) + p[c] * e + rounded + (dLse === 0 ? 0 : 2 * (a * p[c] * Math.abs(dLse) + t));
    }
  }

  /** The scale, or 1 where it is larger: it may be multiplied with P, or with dS, before the rest, and what is lost near zero then is not made smaller by it. */
  private shrinking(): number {
    return Math.min(1, Math.abs(this.row.scale) || 1);
  }

  /** Multiplies dS by the derivative 1 − tanh² of the softcap cap·tanh(x/cap). */
  throughSoftcap(cap: number): void {
    const { row, dp, dpBound } = this;
    const { a, t: tiny } = this.problem.numeric;
    for (let c = 0; c < row.count; c++) {
      const t = row.tanh[c];
      // error of tanh from the bound of the final score cap·tanh + later terms, which is no smaller than that of cap·tanh
      const e = Math.min(1, row.scoreBound[c] / Math.abs(cap)) + 6 * a;
      const slope = 1 - t * t;
      const slopeBound = 2 * Math.abs(t) * e + e * e + 4 * a;
      const r = dp[c] * slope;
      dpBound[c] = dpBound[c] * (slope + slopeBound) + Math.abs(dp[c]) * slopeBound + a * Math.abs(r) + tiny;
      dp[c] = r;
    }
  }

  /** Adds the rounding of dS, or of scale·dS, which an implementation in 16 bits stores before the products with q and k. */
  storeScoreGradients(): void {
    const { row, dp, dpBound } = this;
    const { numeric } = this.problem;
    const { u, w } = narrowStore(numeric);
    const tiny = (numeric.copies * w) / this.shrinking();
    for (let c = 0; c < row.count; c++) dpBound[c] = dpBound[c] * (1 + u) + u * Math.abs(dp[c]) + tiny;
  }
}

/** |x − dlse| + |dlse|: what two weights multiply, that of a row's output and that of its LSE, if they are not one. It is |x| without a dlse. */
export function apart(x: number, dLse: number): number {
  return Math.abs(x - dLse) + Math.abs(dLse);
}
