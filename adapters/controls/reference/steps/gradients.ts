import type { Numbers } from '../arithmetic/arithmetic.js';
import { cell } from '../problem/broadcast.js';
import type { SoftmaxProblem } from '../problem/softmax-problem.js';
import type { Row } from './row.js';
import { distance } from './scores.js';

/** dv[j] += p·do for the listed keys; values begin at `value`. */
export function addValueGradient(p: SoftmaxProblem, row: Row, weights: Numbers, dO: Numbers, at: number, dv: Numbers, value: number): void {
  p.arithmetic.spread(weights, row.keys, row.count, dO, at, p.e, dv, value);
}

/** dq += Σ ds·k[j] without the scale; keys begin at `key`, the query at `query`. */
export function addQueryGradient(p: SoftmaxProblem, row: Row, scoreGradients: Numbers, key: number, dq: Numbers, query: number): void {
  p.arithmetic.combine(scoreGradients, row.keys, row.count, p.k, key, p.d, dq, query);
}

/** dk[j] += ds·q without the scale; the query begins at `query`, keys at `key`. */
export function addKeyGradient(p: SoftmaxProblem, row: Row, scoreGradients: Numbers, query: number, dk: Numbers, key: number): void {
  p.arithmetic.spread(scoreGradients, row.keys, row.count, p.q, query, p.d, dk, key);
}

export function scaleQueryGradient(p: SoftmaxProblem, dq: Numbers): void {
  p.arithmetic.multiply(dq, 0, dq.length, p.scale);
}

export function scaleKeyGradient(p: SoftmaxProblem, dk: Numbers): void {
  p.arithmetic.multiply(dk, 0, dk.length, p.scale);
}

/** d loss / d sink = −exp(sink − lse)·(Δ − dlse). */
export function addSinkGradient(p: SoftmaxProblem, { h }: Row, lse: number, shift: number, dsink: Numbers): void {
  const { round } = p.arithmetic;
  const weight = round(Math.exp(round((p.sink as Numbers)[h] - lse)));
  dsink[h] = round(dsink[h] - round(weight * shift));
}

export function addAlibiGradient(p: SoftmaxProblem, { h, i, keys, count }: Row, scoreGradients: Numbers, dalibi: Numbers): void {
  const { round } = p.arithmetic;
  for (let t = 0; t < count; t++) dalibi[h] = round(dalibi[h] + round(scoreGradients[t] * distance(p, i, keys[t])));
}

/** Sums over the broadcast axes of the bias. */
export function addBiasGradient(p: SoftmaxProblem, { b, h, i, keys, count }: Row, scoreGradients: Numbers, dbias: Numbers): void {
  const { round } = p.arithmetic;
  const { at } = p.bias as NonNullable<SoftmaxProblem['bias']>;
  for (let t = 0; t < count; t++) {
    const index = cell(at, b, h, i, keys[t]);
    dbias[index] = round(dbias[index] + scoreGradients[t]);
  }
}
