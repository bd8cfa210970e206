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
 * Backward pass of one softmax row up to its scores: P, dP and dS with bounds, up to `row.count`.
 * NUMERICS, "Backward": P comes from the LSE, Δ has the larger bound of the stored o and Σ P·dP.
 */
export class RowGradients {
  readonly row: SoftmaxRow;
  readonly o: Float64Array;
  readonly oBound: Float64Array;
  readonly p: Float64Array;
  readonly pBound: Float64Array;
  /** dP; dS after `scoreGradients`; the gradient before the cap after `throughSoftcap`. */
  readonly dp: Float64Array;
  readonly dpBound: Float64Array;

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

  load(b: number, h: number, i: number): boolean {
    if (!this.row.load(b, h, i)) return false;
    outputRow(this.row, b, h, this.o, this.oBound);
    this.setProbabilities();
    return true;
  }

  /** Computes P = exp(s − LSE) from the stored LSE, with bounds. */
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

  takeProducts(products: RowProducts, relative: number, absolute: number): void {
    const { row, dp, dpBound } = this;
    const { key, count } = row;
    takeProducts(products, key, count, dp, dpBound);
    for (let c = 0; c < count; c++) dpBound[c] = relative * dpBound[c] + absolute;
  }

  /** Computes Δ − dlse and the larger bound of Σ dO·O and Σ P·dP. @param lost error of dOut. */
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
   * Computes dS = P·(dP − Δ + dlse) into dp. The bound also covers P·dP − P·Δ + P·dlse, in which
   * the P of the output and of the LSE have independent errors.
   * @param delta Δ − dlse.
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

  /** min(1, |scale|): a scale that is applied first does not shrink losses near zero. */
  private shrinking(): number {
    return Math.min(1, Math.abs(this.row.scale) || 1);
  }

  /** Multiplies dS by the derivative 1 − tanh² of the softcap cap·tanh(x/cap). */
  throughSoftcap(cap: number): void {
    const { row, dp, dpBound } = this;
    const { a, t: tiny } = this.problem.numeric;
    for (let c = 0; c < row.count; c++) {
      const t = row.tanh[c];
      // error of tanh from the bound of the final score, which is no smaller than that of cap·tanh
      const e = Math.min(1, row.scoreBound[c] / Math.abs(cap)) + 6 * a;
      const slope = 1 - t * t;
      const slopeBound = 2 * Math.abs(t) * e + e * e + 4 * a;
      const r = dp[c] * slope;
      dpBound[c] = dpBound[c] * (slope + slopeBound) + Math.abs(dp[c]) * slopeBound + a * Math.abs(r) + tiny;
      dp[c] = r;
    }
  }

  /** Adds the rounding of dS, or scale·dS, that a 16-bit kernel stores before products. */
  storeScoreGradients(): void {
    const { row, dp, dpBound } = this;
    const { numeric } = this.problem;
    const { u, w } = narrowStore(numeric);
    const tiny = (numeric.copies * w) / this.shrinking();
    for (let c = 0; c < row.count; c++) dpBound[c] = dpBound[c] * (1 + u) + u * Math.abs(dp[c]) + tiny;
  }
}

/** |x − dlse| + |dlse|: magnitude if the weights of the output and of the LSE differ. */
export function apart(x: number, dLse: number): number {
  return Math.abs(x - dLse) + Math.abs(dLse);
}
