import { createRow, placeRow } from '../steps/row.js';
import { largest, type RowSoftmax } from '../steps/softmax-row.js';
import { listKeys } from './list-keys.js';
import { scoreRow } from './score-row.js';
import type { SoftmaxForward } from './softmax-forward.js';

/** Unfused: the scores of a row, their softmax with the sink, then the weighted sum of values. */
export const plain: SoftmaxForward = (p, steps) => {
  const a = p.arithmetic;
  const o = new Float64Array(p.b * p.heads * p.m * p.e);
  const lse = new Float64Array(p.b * p.heads * p.m);
  const row = createRow(p.n);
  const weights = row.scores;
  for (let r = 0; r < lse.length; r++) {
    placeRow(p, row, r);
    listKeys(p, steps, row, steps.firstKey(p, row.i), steps.endKey(p, row.i));
    scoreRow(p, steps, row);
    const sink = p.sink?.[row.h] ?? -Infinity;
    const softmax: RowSoftmax = { max: largest(row.scores, row.count, sink), sum: 0 };
    softmax.sum = a.exponentials(row.scores, row.count, softmax.max, weights);
    if (p.sink !== undefined) steps.addSink(a, softmax, sink, o, r * p.e, p.e, steps.rescale);
    steps.normalise(a, softmax, weights, 0, row.count);
    p.store(weights, 0, row.count);
    a.combine(weights, row.keys, row.count, p.v, (row.b * p.hk + steps.keyHead(p, row.h)) * p.n * p.e, p.e, o, r * p.e);
    lse[r] = steps.logSumExp(a, softmax);
  }
  p.store(o, 0, o.length);
  return { o, lse };
};
