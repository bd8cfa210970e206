import { operandCut } from '../../numeric/operand-loss.js';
import { chainError, gamma, narrowStore, probabilityStore } from '../../numeric/profile.js';
import { relativeError } from '../../numeric/relative-error.js';
import { storedBound } from '../output-bound.js';
import type { Expected, Problem } from '../problem.js';
import { type ClassScores, classScores } from './class-scores.js';
import { OWN, sweepClasses } from './class-sums.js';
import type { Codebook } from './codebook.js';
import { rowErrors } from './codebook-row.js';

/** Terms of a row in the gradients of its keys: their P is weight/total, their dS P·(do·v − δ). */
export interface GradientRows {
  readonly scores: ClassScores;
  readonly total: Float64Array;
  readonly delta: Float64Array;
  /** Error of dS over P: `slope` times |do|·|v|, and `offset`; `slope` is no less than the relative error of P. */
  readonly slope: Float64Array;
  readonly offset: Float64Array;
  /** Number of visible keys; 0 of a row without cotangents. */
  readonly visible: Int32Array;
}

/**
 * Backward pass of a query head by rows: dq, and what dk and dv need of each row.
 * @param active 1 for each row [b, hk·g, m] that has cotangents.
 */
export function gradientRows(
  problem: Problem & { readonly codebook: Codebook },
  b: number,
  h: number,
  active: Uint8Array,
  dq: Expected,
): GradientRows {
  const { codebook, inputs, mask, numeric } = problem;
  const { classes, ofRow } = codebook;
  const { m } = mask;
  const { d, e } = problem.case.dims;
  const head = b * mask.heads + h;
  const scores = classScores(problem, head);
  const dOut = inputs.do.data;
  // of each row and class of keys: do·Σv, |do|·Σ|v|, and the number of keys
  const products = new Float64Array(m * classes);
  const sizes = new Float64Array(m * classes);
  const counts = new Int32Array(m * classes);
  const { visible, most: ofAll } = sweepClasses(
    problem,
    b,
    h,
    (row, sign, at) => {
      const from = (head * m + row) * e;
      for (let c = 0; c < classes; c++) {
        if (at.count[c] === 0) continue;
        let [product, size] = [0, 0];
        for (let x = 0; x < e; x++) {
          product += dOut[from + x] * at.values[c * e + x];
          size += Math.abs(dOut[from + x]) * at.sizes[c * e + x];
        }
        products[row * classes + c] += sign * product;
        sizes[row * classes + c] += sign * size;
        counts[row * classes + c] += sign * at.count[c];
      }
    },
    (i) => active[head * m + i] === 1,
  );
  const found: GradientRows = {
    scores,
    total: new Float64Array(m),
    delta: new Float64Array(m),
    slope: new Float64Array(m),
    offset: new Float64Array(m),
    visible,
  };
  const { a, exp } = numeric;
  const scale = scores.scale;
  const size = Math.abs(scale);
  const narrow = narrowStore(numeric);
  const store = numeric.probabilitiesStored ? probabilityStore(numeric).u : 0;
  const storeS = numeric.scoreGradientsStored ? narrow.u : 0;
  const tiny = numeric.t + operandCut(numeric) + (numeric.probabilitiesStored ? probabilityStore(numeric).w : 0);
  const extra = numeric.tf32 ? 2 ** -9 : 0;
  const gammaE = gamma(e, a) + extra;
  for (let i = 0; i < m; i++) {
    if (visible[i] === 0) continue;
    const row = head * m + i;
    const own = ofRow[row];
    const at = i * classes;
    const weights = own * classes;
    let [total, product, absolute, drift] = [0, 0, 0, 0];
    for (let x = row * e; x < (row + 1) * e; x++) drift += OWN * ofAll * Math.abs(dOut[x]);
    for (let c = 0; c < classes; c++) {
      const w = scores.weight[weights + c];
      total += w * counts[at + c];
      product += w * products[at + c];
      absolute += w * Math.max(0, sizes[at + c]);
    }
    const [largest, most, rel] = [scores.largest[own], scores.size[own], scores.relative[own]];
    const errors = rowErrors(numeric, { total, visible: visible[i], classes, largest, size: most, relative: rel });
    const dLse = (inputs.dlse?.data[row] ?? 0) / (problem.dialect.lseBase === '2' ? Math.LN2 : 1);
    const lseBound = storedBound(errors.lse, errors.lseBound, numeric.accumulate === 'f64' ? 'f64' : 'f32', false);
    let relative =
      relativeError(scores.bound[own] + lseBound + 2 * a * (most + Math.abs(errors.lse))) +
      (6 + 3 * (most + Math.abs(errors.lse))) * a +
      exp;
    relative += store * (1 + relative);
    // Σ p·|do|·|v|, which is more than |do|·|o|
    const summed = absolute / total;
    const ofOutput = errors.values + errors.output + numeric.u + (gammaE + numeric.u) * (1 + errors.values + errors.output + numeric.u);
    const composed = relative * (1 + 2 * gammaE) + gammaE + chainError(numeric, visible[i]) * (1 + relative);
    const delta = product / total - dLse;
    const deltaBound = Math.max(ofOutput, composed) * summed * (1 + a) + a * (Math.abs(delta) + summed) + e * numeric.w + drift / total;
    const apart = Math.abs(delta) + 2 * Math.abs(dLse);
    const lost = deltaBound * (1 + a) + e * numeric.w + a * Math.abs(delta);
    const slope = relative * (1 + gammaE + 2 * a) + gammaE + 4 * a;
    const offset = relative * (apart + lost) + lost + 2 * a * apart;
    found.total[i] = total;
    found.delta[i] = delta;
    found.slope[i] = slope;
    found.offset[i] = offset;
    const sumError = chainError(numeric, visible[i]) + extra;
    for (let c = 0; c < classes; c++) {
      const count = counts[at + c];
      if (count === 0) continue;
      const p = scores.weight[weights + c] / total;
      const gradient = p * (products[at + c] - delta * count);
      const absoluteProducts = Math.max(0, sizes[at + c]);
      const whole = p * (absoluteProducts + Math.abs(delta) * count);
      const small = tiny * (absoluteProducts * (1 + gammaE) + (apart + lost) * count) + p * drift + count * (5 * numeric.t + narrow.w);
      const error = (p * (slope * absoluteProducts + offset * count) + small) * (1 + storeS) + storeS * whole;
      const bound = error + sumError * (whole + error);
      for (let x = 0; x < d; x++) {
        const k = scores.k[c * d + x];
        dq.value[row * d + x] += gradient * k;
        dq.bound[row * d + x] += bound * Math.abs(k) + count * numeric.w;
      }
    }
    for (let x = row * d; x < (row + 1) * d; x++) {
      dq.value[x] *= scale;
      dq.bound[x] = size * dq.bound[x] * (1 + 3 * a) + 3 * a * Math.abs(dq.value[x]);
    }
  }
  return found;
}
