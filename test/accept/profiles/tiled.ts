import type { Numbers } from '../../../adapters/controls/reference/arithmetic/arithmetic.js';
import type { SoftmaxProblem } from '../../../adapters/controls/reference/problem/softmax-problem.js';
import { onlineTiles } from '../../../adapters/controls/reference/softmax/online.js';
import type { SoftmaxForward } from '../../../adapters/controls/reference/softmax/softmax-forward.js';
import type { Row } from '../../../adapters/controls/reference/steps/row.js';
import { type Steps, standardSteps } from '../../../adapters/controls/reference/steps/steps.js';
import type { Rounder } from './rounders.js';

/** Keys per step: small, so that small cases have several. */
export const tile = 3;

/** Online softmax over tiles of keys. @param partial what is kept of the output between tiles; absent: all of it. */
export function tiled(partial?: Rounder): SoftmaxForward {
  return onlineTiles(tile, partial);
}

/** Gradients whose sums are stored after every tile of their terms. */
export function partialGradients(partial: Rounder): Partial<Steps> {
  const keep = (x: Numbers, from: number, to: number) => {
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
