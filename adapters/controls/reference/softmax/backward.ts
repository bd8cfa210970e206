import type { Numbers } from '../arithmetic/arithmetic.js';
import type { SoftmaxGradients, SoftmaxOutputs, SoftmaxProblem } from '../problem/softmax-problem.js';
import { addAlibiGradient, addBiasGradient, addSinkGradient } from '../steps/gradients.js';
import { createRow, placeRow } from '../steps/row.js';
import type { Steps } from '../steps/steps.js';
import { listKeys } from './list-keys.js';
import { scoreRow } from './score-row.js';

/** Gradients of the loss by the outputs: do [b, heads, m, e], dlse [b, heads, m]. */
export interface Cotangents {
  readonly dO: Numbers;
  readonly dlse?: Numbers;
}

/**
 * Computes P = exp(s − lse), dS = P(dP − Δ + dlse) (https://arxiv.org/abs/2307.08691, algorithm 2),
 * from the whole attention's o and lse for a block. Rounds P and dS to storage before products.
 */
export function softmaxBackward(p: SoftmaxProblem, steps: Steps, { o, lse }: SoftmaxOutputs, { dO, dlse }: Cotangents): SoftmaxGradients {
  const a = p.arithmetic;
  const gradients: SoftmaxGradients = {
    dq: new Float64Array(p.q.length),
    dk: new Float64Array(p.k.length),
    dv: new Float64Array(p.v.length),
    dsink: p.sink && new Float64Array(p.heads),
    dalibi: p.alibi && new Float64Array(p.heads),
    dbias: p.bias && new Float64Array(p.bias.values.length),
  };
  const row = createRow(p.n);
  const weights = new Float64Array(row.scores.length);
  const scoreGradients = new Float64Array(row.scores.length);
  for (let r = 0; r < lse.length; r++) {
    placeRow(p, row, r);
    listKeys(p, steps, row, steps.firstKey(p, row.i), steps.endKey(p, row.i));
    const head = (row.b * p.hk + steps.keyHead(p, row.h)) * p.n;
    const at = r * p.e;
    // d loss / d s = P·(dP − shift)
    const shift = a.round(steps.delta(p, dO, o, at) - (dlse?.[r] ?? 0));
    if (gradients.dsink) addSinkGradient(p, row, lse[r], shift, gradients.dsink);
    if (row.count === 0) continue;
    scoreRow(p, steps, row);
    a.exponentials(row.scores, row.count, lse[r], weights);
    a.dots(dO, at, p.v, head * p.e, row.keys, row.count, p.e, scoreGradients);
    for (let t = 0; t < row.count; t++) scoreGradients[t] = a.round(weights[t] * a.round(scoreGradients[t] - shift));
    if (gradients.dalibi) addAlibiGradient(p, row, scoreGradients, gradients.dalibi);
    if (gradients.dbias) addBiasGradient(p, row, scoreGradients, gradients.dbias);
    if (p.softcap !== 0) for (let t = 0; t < row.count; t++) scoreGradients[t] = a.round(scoreGradients[t] * row.slopes[t]);
    p.store(weights, 0, row.count);
    p.store(scoreGradients, 0, row.count);
    steps.addValueGradient(p, row, weights, dO, at, gradients.dv, head * p.e);
    steps.addQueryGradient(p, row, scoreGradients, head * p.d, gradients.dq, r * p.d);
    steps.addKeyGradient(p, row, scoreGradients, r * p.d, gradients.dk, head * p.d);
  }
  steps.scaleQueryGradient(p, gradients.dq);
  steps.scaleKeyGradient(p, gradients.dk);
  return gradients;
}
