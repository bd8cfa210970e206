import { operandCut } from '../numeric/operand-loss.js';
import { gamma } from '../numeric/profile.js';
import type { Expected, Problem } from '../problem.js';
import type { GradientErrors } from './gradient-errors.js';
import type { Gradients } from './gradient-slice.js';
import type { RowGradients } from './row-gradients.js';
import type { SoftmaxRow } from './softmax-row.js';

/** Gradient products of one loaded row, if rows are not computed in blocks. */
export class SingleRow {
  private readonly row: SoftmaxRow;

  constructor(
    private readonly problem: Problem,
    private readonly single: RowGradients,
    private readonly errors: GradientErrors,
  ) {
    this.row = single.row;
  }

  /** Adds Pᵀ dO to dV, and computes dP = dO Vᵀ. @param index of the row. */
  addValues({ dv }: Gradients, b: number, h: number, index: number, dOut: Float64Array): void {
    const { row } = this;
    const { p, pBound, dp, dpBound } = this.single;
    const lost = row.lost.do?.subarray(index * row.e, (index + 1) * row.e);
    const { e } = row;
    if (row.count === 0) return;
    const { a, w, t, tf32, copies } = this.problem.numeric;
    const v = this.problem.inputs.v.data;
    const { value, bound } = dv;
    const tiny = copies * t;
    const base = (b * row.keyHeads + row.keyHead(h)) * row.n * e;
    const gammaRows = this.errors.ofRows(b, h, index);
    const gammaE = gamma(e, a) + (tf32 ? 2 ** -9 : 0);
    for (let c = 0; c < row.count; c++) {
      const at = base + row.key[c] * e;
      const weight = p[c];
      const weightBound = pBound[c] + gammaRows * (weight + pBound[c]);
      let sum = 0;
      let absolute = 0;
      for (let x = 0; x < e; x++) {
        const g = dOut[x];
        const product = g * v[at + x];
        sum += product;
        absolute += Math.abs(product);
        value[at + x] += weight * g;
        bound[at + x] += weightBound * Math.abs(g) + tiny;
      }
      dp[c] = sum;
      dpBound[c] = gammaE * absolute + e * w;
      if (lost || row.lost.v) this.addReadingLoss(dv, c, at, dOut, lost, gammaE);
    }
  }

  private addReadingLoss(dv: Expected, c: number, at: number, dOut: Float64Array, lost: Float64Array | undefined, gammaE: number): void {
    const { row } = this;
    const { p, pBound, dpBound } = this.single;
    const v = this.problem.inputs.v.data;
    for (let x = 0; x < row.e; x++) {
      const own = lost?.[x] ?? 0;
      dpBound[c] += (1 + gammaE) * (own * Math.abs(v[at + x]) + (row.lost.v?.[at + x] ?? 0) * Math.abs(dOut[x]));
      dv.bound[at + x] += own * (p[c] + pBound[c]);
    }
  }

  /** Adds dS K to dQ and dSᵀ Q to dK. @param at index of the row. */
  addQueriesAndKeys({ dq, dk }: Gradients, b: number, h: number, at: number): void {
    const { row } = this;
    if (row.count === 0) return;
    const { dp, dpBound } = this.single;
    const { d } = row;
    const { u, w, prescaledQ, copies } = this.problem.numeric;
    const q = this.problem.inputs.q.data;
    const k = this.problem.inputs.k.data;
    const base = (b * row.keyHeads + row.keyHead(h)) * row.n * d;
    const gammaKeys = this.errors.ofKeys(row);
    const gammaRows = this.errors.ofRows(b, h, at);
    const qAt = at * d;
    const [rowValue, rowBound] = [dq.value.subarray(qAt, qAt + d), dq.bound.subarray(qAt, qAt + d)];
    const { value: keyValue, bound: keyBound } = dk;
    const tiny = copies * w;
    const cut = copies * operandCut(this.problem.numeric);
    const { q: lostQ, k: lostK } = row.lost;
    // a stored scaled q: its relative rounding, and its absolute error near zero
    const storedQ = prescaledQ && row.scale !== 0 ? { relative: u, absolute: w / Math.abs(row.scale) } : undefined;
    for (let c = 0; c < row.count; c++) {
      const g = dp[c];
      const error = dpBound[c] + cut;
      const size = Math.abs(g) + error;
      const forQuery = error + gammaKeys * size;
      const forKey = error + (gammaRows + (storedQ?.relative ?? 0)) * size;
      const kAt = base + row.key[c] * d;
      for (let x = 0; x < d; x++) {
        const y = k[kAt + x];
        const z = q[qAt + x];
        rowValue[x] += g * y;
        rowBound[x] += forQuery * Math.abs(y) + tiny;
        keyValue[kAt + x] += g * z;
        keyBound[kAt + x] += forKey * Math.abs(z) + tiny;
      }
      if (!lostK && !lostQ && !storedQ) continue;
      for (let x = 0; x < d; x++) {
        if (lostK) dq.bound[qAt + x] += size * lostK[kAt + x];
        if (lostQ || storedQ) dk.bound[kAt + x] += size * ((lostQ?.[qAt + x] ?? 0) + (storedQ?.absolute ?? 0));
      }
    }
  }
}
