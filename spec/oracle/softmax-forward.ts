import { decided } from '../numeric/decided.js';
import { operandCut } from '../numeric/operand-loss.js';
import { gamma, narrowStore } from '../numeric/profile.js';
import { OTHERS } from './focus.js';
import type { MergeError } from './merge-error.js';
import type { Expectation, Expected, Problem } from './problem.js';
import { SoftmaxRow } from './softmax-row.js';
import { addSpread, addWeighted } from './weighted-rows.js';

/** LSE of a row that sees no key, by the dialect. */
export const emptyLse = { '-inf': -Infinity, '+inf': Infinity, zero: 0, nan: NaN, finite: -Infinity } as const;

/** Selects rows to evaluate among the judged rows of the problem. Rows that are not selected keep value 0 and an infinite bound. */
export type RowFilter = (b: number, h: number, i: number) => boolean;

/**
 * Outputs o [b, hk·g, m, e] and lse [b, hk·g, m] of softmax attention with error bounds, computed row by row.
 * `finite` empty LSEs are −∞ here; the comparator then accepts any finite number ≤ −1e4.
 * @param rows selects the rows to evaluate; every judged row if absent.
 */
export function softmaxForward(problem: Problem, rows?: RowFilter): Expectation {
  const row = new SoftmaxRow(problem);
  const { heads, m, e } = row;
  const b = problem.case.dims.b;
  const o: Expected = { shape: [b, heads, m, e], value: new Float64Array(b * heads * m * e), bound: new Float64Array(b * heads * m * e) };
  const lse: Expected = { shape: [b, heads, m], value: new Float64Array(b * heads * m), bound: new Float64Array(b * heads * m) };
  const empty = new Uint8Array(b * heads * m);
  const value = new Float64Array(e);
  const bound = new Float64Array(e);
  for (let x = 0; x < b; x++) {
    for (let h = 0; h < heads; h++) {
      for (let i = 0; i < m; i++) {
        const at = (x * heads + h) * m + i;
        if (problem.rows?.[at] === 0 || (rows && !rows(x, h, i))) {
          o.bound.fill(Infinity, at * e, (at + 1) * e);
          lse.bound[at] = Infinity;
          continue;
        }
        if (row.load(x, h, i)) {
          outputRow(row, x, h, value, bound);
          [lse.value[at], lse.bound[at]] = problem.dialect.lseSink === 'excluded' ? row.lseWithoutSink() : [row.lse, row.lseBound()];
        } else {
          empty[at] = 1;
          emptyRow(row, x, h, value, bound);
          lse.value[at] = emptyLse[problem.dialect.emptyLse];
        }
        o.value.set(value, at * e);
        o.bound.set(bound, at * e);
      }
    }
  }
  if (problem.dialect.lseBase === '2') toBase2(lse, problem.numeric.a);
  if (problem.numeric.accumulate === 'f64') addOwnBound([o, lse]);
  decided(o.bound);
  decided(lse.bound);
  return { outputs: { o, lse }, empty, ...(problem.rows && { rows: problem.rows }) };
}

/** Writes o of the loaded row and its bounds (NUMERICS, "dot of a softmax over its own axis with v") to `value` and `bound`. */
export function outputRow(row: SoftmaxRow, b: number, h: number, value: Float64Array, bound: Float64Array): void {
  const { key, weight, relative, count, total } = row;
  const { numeric, inputs } = row.problem;
  const v = inputs.v.data;
  const base = (b * row.keyHeads + row.keyHead(h)) * row.n * row.e;
  value.fill(0);
  addWeighted(value, v, base, key, weight, count);
  if (!(total < 0.5)) {
    bound.fill(Infinity);
    return;
  }
  // every product, rescaling and sum may lose up to the accumulator's smallest number (dot: K·w)
  const merged = numeric.parts > 1;
  const { merge } = row;
  const partials = numeric.partialsStored ? Math.max(row.tiles, merge?.steps ?? 0) : 0;
  const stores = partials + (merged ? numeric.parts : 0);
  bound.fill((count + 2 * row.tiles + 4 + 4 * (merge?.steps ?? 0)) * numeric.t + stores * numeric.w);
  const store = numeric.probabilitiesStored ? narrowStore(numeric) : { u: 0, w: numeric.w };
  const own =
    row.sumError() +
    gamma(count + 2, numeric.a) +
    store.u +
    (numeric.tf32 ? 2 ** -9 : 0) +
    partials * numeric.u +
    // each part is stored once, and merged in float64
    (merged ? numeric.u + gamma(3 * numeric.parts + 8, 2 ** -53) : 0);
  const { near, far, lost } = row;
  const cut = operandCut(numeric);
  for (let c = 0; c < count; c++) {
    const p = weight[c];
    near[c] = row.spread(p, relative[c]);
    far[c] = p * (own + (merge?.part(p) ?? 0)) + 2 * store.w + cut;
  }
  addSpread(bound, v, base, key, near, far, value, count);
  if (row.sink) {
    // the sink acts as one more key with value 0, at distance |mean| from the mean
    const sink = row.spread(row.sinkWeight, row.sinkRelative);
    for (let x = 0; x < row.e; x++) bound[x] += sink * Math.abs(value[x]);
  }
  if (row.others > 0) {
    const most = row.largestValue();
    for (let x = 0; x < row.e; x++) bound[x] += OTHERS * row.others * (most + Math.abs(value[x]));
  }
  if (merge) addMergeLoss(bound, value, v, base, row, merge);
  if (lost.v) addReadingLoss(bound, lost.v, base, row, own);
}

/** Adds the errors of a merge: the relative error that all weights share, and the cancellation of differences. */
function addMergeLoss(bound: Float64Array, value: Float64Array, v: Float64Array, base: number, row: SoftmaxRow, merge: MergeError): void {
  for (let x = 0; x < row.e; x++) bound[x] += merge.shared * Math.abs(value[x]);
  if (!merge.difference) return;
  const { apart, size } = merge.difference;
  for (let x = 0; x < row.e; x++) {
    // the sink's value is 0
    let [least, most] = row.sink ? [0, 0] : [Infinity, -Infinity];
    for (let c = 0; c < row.count; c++) {
      const y = v[base + row.key[c] * row.e + x];
      if (y < least) least = y;
      if (y > most) most = y;
    }
    bound[x] += apart * (most - least) + size * Math.max(Math.abs(least), Math.abs(most));
  }
}

/** Adds the error of reading v, weighted by the weights with their own errors. */
function addReadingLoss(bound: Float64Array, lost: Float64Array, base: number, row: SoftmaxRow, own: number): void {
  for (let c = 0; c < row.count; c++) {
    const weight = row.weight[c] * (1 + 2 * (row.total + row.relative[c])) * (1 + own);
    const at = base + row.key[c] * row.e;
    for (let x = 0; x < row.e; x++) bound[x] += weight * lost[at + x];
  }
}

/** Writes o of a row without keys and without a sink: zero, NaN or the mean of the values, by the dialect. Only the mean has an error. */
function emptyRow(row: SoftmaxRow, b: number, h: number, value: Float64Array, bound: Float64Array): void {
  bound.fill(0);
  const policy = row.problem.dialect.emptyOutput;
  value.fill(policy === 'nan' ? NaN : 0);
  if (policy !== 'mean') return;
  const { e, firstKey, endKey } = row;
  const n = endKey - firstKey;
  const { numeric, inputs } = row.problem;
  const v = inputs.v.data;
  const base = (b * row.keyHeads + row.keyHead(h)) * row.n * e;
  if (n === 0) {
    // the mean of no values is undecided
    bound.fill(Infinity);
    return;
  }
  for (let j = firstKey; j < endKey; j++) {
    for (let x = 0; x < e; x++) {
      value[x] += v[base + j * e + x] / n;
      bound[x] += Math.abs(v[base + j * e + x]) / n;
    }
  }
  const store = numeric.probabilitiesStored ? narrowStore(numeric) : { u: 0, w: numeric.w };
  const tiles = Math.ceil(n / numeric.tile);
  const error = gamma(n + 4 * tiles + 8, numeric.a) + gamma(n + 2, numeric.a) + 6 * numeric.a + store.u;
  for (let x = 0; x < e; x++) bound[x] = bound[x] * error + 2 * store.w * n * bound[x] + numeric.w;
  const { v: lost } = row.lost;
  if (lost) for (let j = firstKey; j < endKey; j++) for (let x = 0; x < e; x++) bound[x] += (lost[base + j * e + x] / n) * (1 + error);
}

/** Turns natural LSEs into LSEs in base 2. */
export function toBase2(lse: Expected, a: number): void {
  for (let i = 0; i < lse.value.length; i++) {
    lse.value[i] /= Math.LN2;
    if (Number.isFinite(lse.value[i])) lse.bound[i] = lse.bound[i] / Math.LN2 + 3 * a * Math.abs(lse.value[i]);
  }
}

/** Doubles the bounds, for an implementation that computes in float64: the oracle's own error is then as large as the implementation's. */
export function addOwnBound(outputs: readonly Expected[]): void {
  for (const { bound } of outputs) for (let i = 0; i < bound.length; i++) bound[i] *= 2;
}

/** Adds `tiny` to every bound that is not 0; elements to which nothing was added stay exact. */
export function addTiny({ bound }: Expected, tiny: number): void {
  if (tiny > 0) for (let x = 0; x < bound.length; x++) if (bound[x] > 0) bound[x] += tiny;
}
