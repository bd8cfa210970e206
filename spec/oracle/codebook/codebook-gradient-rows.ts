import { decided } from '../../numeric/decided.js';
import { operandCut } from '../../numeric/operand-loss.js';
import { chainError, gamma, narrowStore, probabilityStore } from '../../numeric/profile.js';
import { relativeError } from '../../numeric/relative-error.js';
import type { Codebook } from '../../problem.js';
import { type Expected, type Problem, zeros } from '../../problem.js';
import { KeptRows } from '../../tensor/tensor-rows.js';
import { type ExpectedSlice, firstRows, PlacedRows, RowSlice, SLICE } from '../expected-slice.js';
import { addOwnBound } from '../forward-outputs.js';
import { storedBound } from '../output-bound.js';
import { OpenRows, runEnds, sweepRows } from '../run-ends.js';
import { type ClassScores, classScores } from './class-scores.js';
import { ClassSums, OWN } from './class-sums.js';
import { rowErrors } from './codebook-row.js';

/** Terms of a row in the gradients of its keys: P is weight/total, dS is P·(do·v − δ). */
export interface GradientRows {
  readonly scores: ClassScores;
  readonly total: Float64Array;
  readonly delta: Float64Array;
  /** Error of dS over P: `slope`·|do|·|v| + `offset`; the error of P is at most `slope`. */
  readonly slope: Float64Array;
  readonly offset: Float64Array;
  /** Number of visible keys; 0 for a row without cotangents. */
  readonly visible: Int32Array;
}

/** Buffers for the rows of a query head. */
export function emptyRows(problem: Coded, head: number): GradientRows {
  const { m } = problem.mask;
  return {
    scores: classScores(problem, head),
    total: new Float64Array(m),
    delta: new Float64Array(m),
    slope: new Float64Array(m),
    offset: new Float64Array(m),
    visible: new Int32Array(m),
  };
}

type Coded = Problem & { readonly codebook: Codebook };

/** Computes dq of a query head in slices. @param found receives the terms of dk and dv. */
export function* queryGradients(problem: Coded, b: number, h: number, active: Uint8Array, found: GradientRows): Generator<ExpectedSlice> {
  const { mask } = problem;
  const { m } = mask;
  const head = b * mask.heads + h;
  const sums = new ClassSums(problem, head);
  const products = new RowProducts(problem, head, sums);
  const ends = runEnds(mask, b, h, (i) => active[head * m + i] === 1);
  found.visible.set(ends.visible);
  const finish = finisher(problem, head, found, sums);
  const placed = new PlacedRows(() => new QuerySlice(problem));
  for (const i of sweepRows(ends, { visit: (row, sign) => products.add(row, sign), add: (j) => sums.add(j) })) {
    const place = yield* placed.add(head * m + i);
    if (ends.visible[i] === 0) placed.slice.empty[place] = 1;
    else finish(i, products.end(i), placed.slice.dq, place);
  }
  for (let i = 0; i < m; i++) if (active[head * m + i] === 0) yield* placed.add(head * m + i);
  yield* placed.slice.slices();
}

class QuerySlice extends RowSlice {
  readonly dq: Expected;

  constructor(private readonly problem: Problem) {
    super();
    this.dq = zeros([SLICE, problem.case.dims.d]);
  }

  protected *finished(rows: Int32Array, empty: Uint8Array): Generator<ExpectedSlice> {
    const { numeric, case: c } = this.problem;
    const width = c.dims.d;
    const expected = firstRows(this.dq, rows.length, width);
    if (numeric.accumulate === 'f64') addOwnBound([expected]);
    decided(expected.bound);
    yield { output: 'dq', rows, width, expected, empty };
  }
}

/** Sums of a row by key class [3, class]: do·Σv, |do|·Σ|v|, and the key count. */
class RowProducts {
  private readonly open: OpenRows;
  private readonly dOut: KeptRows;
  private readonly first: number;

  constructor(
    private readonly problem: Coded,
    head: number,
    private readonly sums: ClassSums,
  ) {
    const { codebook, inputs, mask, case: c } = problem;
    this.open = new OpenRows(mask.m, 3 * codebook.classes);
    this.dOut = new KeptRows(inputs.do, c.dims.e);
    this.first = head * mask.m;
  }

  add(row: number, sign: number): void {
    const { count, values, sizes } = this.sums;
    const { e } = this.problem.case.dims;
    const { classes } = this.problem.codebook;
    const from = this.dOut.at(this.first + row);
    const dOut = this.dOut.data;
    const own = this.open.of(row);
    for (let c = 0; c < classes; c++) {
      if (count[c] === 0) continue;
      let [product, size] = [0, 0];
      for (let x = 0; x < e; x++) {
        product += dOut[from + x] * values[c * e + x];
        size += Math.abs(dOut[from + x]) * sizes[c * e + x];
      }
      own[c] += sign * product;
      own[classes + c] += sign * size;
      own[2 * classes + c] += sign * count[c];
    }
  }

  end(row: number): Float64Array {
    const sums = this.open.of(row).slice();
    this.open.end(row);
    return sums;
  }
}

function finisher(problem: Coded, head: number, found: GradientRows, sums: ClassSums) {
  const { codebook, inputs, mask, numeric } = problem;
  const { classes, ofRow } = codebook;
  const { m } = mask;
  const { d, e } = problem.case.dims;
  const { scores, visible } = found;
  const cotangents = new KeptRows(inputs.do, e);
  const { a, exp } = numeric;
  const scale = scores.scale;
  const size = Math.abs(scale);
  const narrow = narrowStore(numeric);
  const store = numeric.probabilitiesStored ? probabilityStore(numeric).u : 0;
  const storeS = numeric.scoreGradientsStored ? narrow.u : 0;
  const tiny = numeric.t + operandCut(numeric) + (numeric.probabilitiesStored ? probabilityStore(numeric).w : 0);
  const extra = numeric.tf32 ? 2 ** -9 : 0;
  const gammaE = gamma(e, a) + extra;
  return (i: number, ofClass: Float64Array, dq: Expected, place: number): void => {
    const row = head * m + i;
    const own = ofRow[row];
    const weights = own * classes;
    const [products, sizes, counts] = [0, 1, 2].map((part) => ofClass.subarray(part * classes, (part + 1) * classes));
    let [total, product, absolute, drift] = [0, 0, 0, 0];
    const from = cotangents.at(row);
    const ofSums = OWN * sums.most;
    for (let x = from; x < from + e; x++) drift += ofSums * Math.abs(cotangents.data[x]);
    for (let c = 0; c < classes; c++) {
      const w = scores.weight[weights + c];
      total += w * counts[c];
      product += w * products[c];
      absolute += w * Math.max(0, sizes[c]);
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
    // Σ p·|do|·|v|, which exceeds |do|·|o|
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
      const count = counts[c];
      if (count === 0) continue;
      const p = scores.weight[weights + c] / total;
      const gradient = p * (products[c] - delta * count);
      const absoluteProducts = Math.max(0, sizes[c]);
      const whole = p * (absoluteProducts + Math.abs(delta) * count);
      const small = tiny * (absoluteProducts * (1 + gammaE) + (apart + lost) * count) + p * drift + count * (5 * numeric.t + narrow.w);
      const error = (p * (slope * absoluteProducts + offset * count) + small) * (1 + storeS) + storeS * whole;
      const bound = error + sumError * (whole + error);
      for (let x = 0; x < d; x++) {
        const k = scores.k[c * d + x];
        dq.value[place * d + x] += gradient * k;
        dq.bound[place * d + x] += bound * Math.abs(k) + count * numeric.w;
      }
    }
    for (let x = place * d; x < (place + 1) * d; x++) {
      dq.value[x] *= scale;
      dq.bound[x] = size * dq.bound[x] * (1 + 3 * a) + 3 * a * Math.abs(dq.value[x]);
    }
  };
}
