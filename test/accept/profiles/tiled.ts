import type { Values } from '../../../adapters/reference/arithmetic.js';
import { createRow, listKeys, placeRow, type Row } from '../../../adapters/reference/row.js';
import { scoreRow } from '../../../adapters/reference/scores.js';
import type { SoftmaxForward } from '../../../adapters/reference/softmax-forward.js';
import type { SoftmaxProblem } from '../../../adapters/reference/softmax-problem.js';
import { largest, type RowSoftmax } from '../../../adapters/reference/softmax-row.js';
import { type Steps, standardSteps } from '../../../adapters/reference/steps.js';
import type { Rounder } from './rounders.js';

/** Keys per step: small, so that small cases have several. */
export const tile = 3;

/** Online softmax over tiles of keys. @param partial what is kept of the output between tiles; absent: all of it. */
export function tiled(partial?: Rounder): SoftmaxForward {
  return (p, steps) => {
    const a = p.arithmetic;
    const o = new Float64Array(p.b * p.heads * p.m * p.e);
    const lse = new Float64Array(p.b * p.heads * p.m);
    const row = createRow(tile);
    for (let r = 0; r < lse.length; r++) {
      placeRow(p, row, r);
      const value = (row.b * p.hk + steps.keyHead(p, row.h)) * p.n * p.e;
      const at = r * p.e;
      const softmax: RowSoftmax = { max: -Infinity, sum: 0 };
      for (let start = 0; start < p.n; start += tile) {
        listKeys(p, steps, row, start, Math.min(start + tile, p.n));
        if (row.count === 0) continue;
        scoreRow(p, steps, row);
        steps.rescale(a, softmax, largest(row.scores, row.count, softmax.max), o, at, p.e);
        softmax.sum = a.round(softmax.sum + a.exponentials(row.scores, row.count, softmax.max, row.scores));
        p.store(row.scores, 0, row.count);
        a.combine(row.scores, row.keys, row.count, p.v, value, p.e, o, at);
        if (partial) for (let c = at; c < at + p.e; c++) o[c] = partial(o[c]);
      }
      if (p.sink !== undefined) steps.addSink(a, softmax, p.sink[row.h], o, at, p.e, steps.rescale);
      steps.normalise(a, softmax, o, at, p.e);
      lse[r] = steps.logSumExp(a, softmax);
    }
    return { o, lse };
  };
}

/** Gradients whose sums are stored after every tile of their terms. */
export function partialGradients(partial: Rounder): Partial<Steps> {
  const keep = (x: Values, from: number, to: number) => {
    for (let c = from; c < to; c++) x[c] = partial(x[c]);
  };
  const endsTile = (p: SoftmaxProblem, { h, i }: Row) => ((h % p.g) * p.m + i + 1) % tile === 0;
  return {
    addQueryGradient: (p, row, scoreGradients, key, dq, query) => {
      for (let t = 0; t < row.count; t++) {
        p.arithmetic.combine(scoreGradients.subarray(t, t + 1), row.keys.subarray(t, t + 1), 1, p.k, key, p.d, dq, query);
        const ends = t + 1 === row.count || Math.floor(row.keys[t + 1] / tile) > Math.floor(row.keys[t] / tile);
        if (ends) keep(dq, query, query + p.d);
      }
    },
    addKeyGradient: (p, row, scoreGradients, query, dk, key) => {
      standardSteps.addKeyGradient(p, row, scoreGradients, query, dk, key);
      if (endsTile(p, row)) keep(dk, key, key + p.n * p.d);
    },
    addValueGradient: (p, row, weights, dO, at, dv, value) => {
      standardSteps.addValueGradient(p, row, weights, dO, at, dv, value);
      if (endsTile(p, row)) keep(dv, value, value + p.n * p.e);
    },
  };
}
