import { operandCut } from '../numeric/operand-loss.js';
import { gamma, probabilityStore } from '../numeric/profile.js';
import type { Winner } from '../numeric/winning-key.js';
import { OTHERS } from './focus.js';
import type { MergeError } from './merge-error.js';
import type { SoftmaxRow } from './softmax-row.js';

/** Sums over matrix rows named by `key`, four at a time: twice as fast. */

/** value += Σ weight·row */
function addWeighted(value: Float64Array, rows: Float64Array, base: number, key: Int32Array, weight: Float64Array, count: number): void {
  const width = value.length;
  let c = 0;
  for (; c + 4 <= count; c += 4) {
    const [r0, r1, r2, r3] = [base + key[c] * width, base + key[c + 1] * width, base + key[c + 2] * width, base + key[c + 3] * width];
    const [w0, w1, w2, w3] = [weight[c], weight[c + 1], weight[c + 2], weight[c + 3]];
    for (let x = 0; x < width; x++) value[x] += w0 * rows[r0 + x] + w1 * rows[r1 + x] + w2 * rows[r2 + x] + w3 * rows[r3 + x];
  }
  for (; c < count; c++) {
    const r = base + key[c] * width;
    const w = weight[c];
    for (let x = 0; x < width; x++) value[x] += w * rows[r + x];
  }
}

/** bound += Σ near·|row − center| + far·|row| */
function addSpread(
  bound: Float64Array,
  rows: Float64Array,
  base: number,
  key: Int32Array,
  near: Float64Array,
  far: Float64Array,
  center: Float64Array,
  count: number,
): void {
  const width = bound.length;
  let c = 0;
  for (; c + 2 <= count; c += 2) {
    const [r0, r1] = [base + key[c] * width, base + key[c + 1] * width];
    const [n0, n1, f0, f1] = [near[c], near[c + 1], far[c], far[c + 1]];
    for (let x = 0; x < width; x++) {
      const y0 = rows[r0 + x];
      const y1 = rows[r1 + x];
      const at = center[x];
      bound[x] += n0 * Math.abs(y0 - at) + f0 * Math.abs(y0) + (n1 * Math.abs(y1 - at) + f1 * Math.abs(y1));
    }
  }
  for (; c < count; c++) {
    const r = base + key[c] * width;
    for (let x = 0; x < width; x++) bound[x] += near[c] * Math.abs(rows[r + x] - center[x]) + far[c] * Math.abs(rows[r + x]);
  }
}

/** Error of a row's output beside the sum over its keys. */
export interface OutputError {
  readonly own: number;
  readonly constant: number;
  readonly byOutput: number;
}

/** Writes o of a row and its bounds (NUMERICS, "dot of a softmax over its own axis with v"). */
export function outputRow(row: SoftmaxRow, b: number, h: number, value: Float64Array, bound: Float64Array): void {
  const { key, weight, near, far, count } = row;
  const v = row.problem.inputs.v.data;
  const base = (b * row.keyHeads + row.keyHead(h)) * row.n * row.e;
  value.fill(0);
  addWeighted(value, v, base, key, weight, count);
  bound.fill(0);
  const error = outputError(row);
  if (error) addSpread(bound, v, base, key, near, far, value, count);
  finishBound(value, bound, error);
  if (!error) return;
  if (row.merge?.difference) addDifferences(bound, v, base, row, row.merge.difference);
  if (row.lost.v) addReadingLoss(bound, row.lost.v, base, row, error.own);
}

/** Adds the remaining errors to `bound`; without `error`, the row is unknown. */
export function finishBound(value: Float64Array, bound: Float64Array, error: OutputError | undefined): void {
  if (!error) {
    bound.fill(Infinity);
    return;
  }
  for (let x = 0; x < bound.length; x++) bound[x] += error.constant + error.byOutput * Math.abs(value[x]);
}

/** Sets `near` and `far` to errors by |v − o| and |v|; returns the rest, undefined if unknown. */
export function outputError(row: SoftmaxRow): OutputError | undefined {
  const { weight, relative, count, total, near, far, merge } = row;
  const { numeric } = row.problem;
  const winner = total < 0.5 ? undefined : row.winner(near);
  if (!(total < 0.5) && !winner) return undefined;
  // products, rescalings and sums may each lose the accumulator's smallest number (dot: K·w)
  const merged = numeric.parts > 1;
  const partials = numeric.partialsStored ? Math.max(row.tiles, merge?.steps ?? 0) : 0;
  const stores = partials + (merged ? numeric.parts : 0);
  const store = numeric.probabilitiesStored ? probabilityStore(numeric) : { u: 0, w: numeric.w };
  const own =
    row.sumError() +
    gamma(row.additions() + 2, numeric.a) +
    store.u +
    (numeric.tf32 ? 2 ** -9 : 0) +
    partials * numeric.u +
    // each part is stored once, and merged in float64
    (merged ? numeric.u + gamma(3 * numeric.parts + 8, 2 ** -53) : 0);
  const tiny = 2 * store.w + operandCut(numeric);
  const others = OTHERS * row.others;
  const constant =
    (count + 2 * row.tiles + 4 + 4 * (merge?.steps ?? 0)) * numeric.t + stores * numeric.w + (others && others * row.largestValue());
  if (winner) return { own, constant, byOutput: addWinner(row, winner, own, tiny) };
  for (let c = 0; c < count; c++) {
    const p = weight[c];
    near[c] = row.spread(p, relative[c]);
    far[c] = p * (own + (merge?.part(p) ?? 0)) + tiny;
  }
  // the sink is one more key of value 0 at distance |o|; all weights share a merge error
  return { own, constant, byOutput: (row.sink ? row.spread(row.sinkWeight, row.sinkRelative) : 0) + (merge?.shared ?? 0) + others };
}

/**
 * Sets `near` and `far` for a row with a winner: o is its value and Σ p(v − winner's v) over all
 * other keys, each p up to a limit P, and |v − winner's v| ≤ |v − o| + |winner's v − o|. Returns
 * the error by |o|.
 */
function addWinner({ count, near, far }: SoftmaxRow, { at, sink, others }: Winner, own: number, tiny: number): number {
  for (let c = 0; c < count; c++) {
    if (c === at) near[c] = others;
    far[c] = (c === at ? 1 : near[c]) * own + tiny;
  }
  return at < 0 ? others : sink;
}

function addDifferences(
  bound: Float64Array,
  v: Float64Array,
  base: number,
  row: SoftmaxRow,
  { apart, size }: NonNullable<MergeError['difference']>,
): void {
  for (let x = 0; x < row.e; x++) {
    let [least, most] = row.sink ? [0, 0] : [Infinity, -Infinity];
    for (let c = 0; c < row.count; c++) {
      const y = v[base + row.key[c] * row.e + x];
      if (y < least) least = y;
      if (y > most) most = y;
    }
    bound[x] += apart * (most - least) + size * Math.max(Math.abs(least), Math.abs(most));
  }
}

function addReadingLoss(bound: Float64Array, lost: Float64Array, base: number, row: SoftmaxRow, own: number): void {
  for (let c = 0; c < row.count; c++) {
    const weight = row.weight[c] * (1 + 2 * (row.total + row.relative[c])) * (1 + own);
    const at = base + row.key[c] * row.e;
    for (let x = 0; x < row.e; x++) bound[x] += weight * lost[at + x];
  }
}
