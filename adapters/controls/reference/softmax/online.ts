import { createRow, placeRow } from '../steps/row.js';
import { largest, type RowSoftmax } from '../steps/softmax-row.js';
import { listKeys, nextKey } from './list-keys.js';
import { scoreRow } from './score-row.js';
import type { SoftmaxForward } from './softmax-forward.js';

/** Keys per step. */
export const tile = 16;

/**
 * Online softmax over tiles of keys, algorithm 1 of https://arxiv.org/abs/2205.14135, with the
 * division at the end (https://arxiv.org/abs/2307.08691).
 */
export const online: SoftmaxForward = (p, steps) => {
  const outputs = inTiles(p, steps);
  p.store(outputs.o, 0, outputs.o.length);
  return outputs;
};

/** Returns an unstored online softmax. @param keep rounds outputs between tiles. */
export function onlineTiles(size: number, keep?: (x: number) => number): SoftmaxForward {
  return (p, steps) => {
    const a = p.arithmetic;
    const o = new Float64Array(p.b * p.heads * p.m * p.e);
    const lse = new Float64Array(p.b * p.heads * p.m);
    const row = createRow(size);
    for (let r = 0; r < lse.length; r++) {
      placeRow(p, row, r);
      const value = (row.b * p.hk + steps.keyHead(p, row.h)) * p.n * p.e;
      const at = r * p.e;
      const softmax: RowSoftmax = { max: -Infinity, sum: 0 };
      const first = steps.firstKey(p, row.i);
      const end = steps.endKey(p, row.i);
      let stop = first;
      for (let key = nextKey(p, steps, row, stop, end); key < end; key = nextKey(p, steps, row, stop, end)) {
        stop = Math.min(key - (key % size) + size, end);
        listKeys(p, steps, row, key, stop);
        if (row.count === 0) continue;
        scoreRow(p, steps, row);
        steps.rescale(a, softmax, largest(row.scores, row.count, softmax.max), o, at, p.e);
        softmax.sum = a.round(softmax.sum + a.exponentials(row.scores, row.count, softmax.max, row.scores));
        p.store(row.scores, 0, row.count);
        a.combine(row.scores, row.keys, row.count, p.v, value, p.e, o, at);
        if (keep) for (let c = at; c < at + p.e; c++) o[c] = keep(o[c]);
      }
      if (p.sink !== undefined) steps.addSink(a, softmax, p.sink[row.h], o, at, p.e, steps.rescale);
      steps.normalise(a, softmax, o, at, p.e);
      lse[r] = steps.logSumExp(a, softmax);
    }
    return { o, lse };
  };
}

const inTiles = onlineTiles(tile);
