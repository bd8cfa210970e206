import type { Arithmetic } from '../../reference/arithmetic/arithmetic.js';
import { tile } from '../../reference/softmax/online.js';
import { scoreRow } from '../../reference/softmax/score-row.js';
import type { SoftmaxForward } from '../../reference/softmax/softmax-forward.js';
import { createRow, placeRow, type Row } from '../../reference/steps/row.js';
import { largest, type RowSoftmax } from '../../reference/steps/softmax-row.js';

/** Treatment of hidden keys by a loop over all keys. */
export interface HidingRules {
  readonly hide: (score: number) => number;
  /** Chooses the maximum to subtract; `before` is the maximum of the tiles before. */
  readonly maximum: (ofVisible: number, ofAll: number, before: number) => number;
  /** Treatment of a tile before the row's first visible key. */
  readonly emptyTile: 'skip' | 'end' | 'compute';
  /** Treatment of values of hidden keys, with weights that should be 0. */
  readonly zeroWeights: 'leave-out' | 'weigh';
}

/** Correct rules, equal to a loop over visible keys only. */
const carefulHiding: HidingRules = {
  hide: () => -Infinity,
  maximum: (ofVisible) => ofVisible,
  emptyTile: 'skip',
  zeroWeights: 'leave-out',
};

/** Online softmax over tiles of all keys, with rules for hidden keys. */
export function allKeys(rules: Partial<HidingRules>): SoftmaxForward {
  const { hide, maximum, emptyTile, zeroWeights } = { ...carefulHiding, ...rules };
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
        listAll(row, start, Math.min(start + tile, p.n));
        scoreRow(p, steps, row);
        const ofAll = largest(row.scores, row.count, softmax.max);
        const visible = (j: number) => steps.visible(p, row.b, row.h, row.i, j);
        for (let t = 0; t < row.count; t++) if (!visible(row.keys[t])) row.scores[t] = hide(row.scores[t]);
        const max = maximum(largest(row.scores, row.count, softmax.max), ofAll, softmax.max);
        if (max === -Infinity && emptyTile !== 'compute') {
          if (emptyTile === 'end') break;
          continue;
        }
        steps.rescale(a, softmax, max, o, at, p.e);
        softmax.sum = a.round(softmax.sum + a.exponentials(row.scores, row.count, softmax.max, row.scores));
        p.store(row.scores, 0, row.count);
        if (zeroWeights === 'leave-out') leaveOut(row, visible);
        a.combine(row.scores, row.keys, row.count, p.v, value, p.e, o, at);
      }
      if (p.sink !== undefined) steps.addSink(a, softmax, p.sink[row.h], o, at, p.e, steps.rescale);
      steps.normalise(a, softmax, o, at, p.e);
      lse[r] = steps.logSumExp(a, softmax);
    }
    p.store(o, 0, o.length);
    return { o, lse };
  };
}

function listAll(row: Row, from: number, to: number): void {
  row.count = to - from;
  for (let t = 0; t < row.count; t++) row.keys[t] = from + t;
}

function leaveOut(row: Row, visible: (j: number) => boolean): void {
  let kept = 0;
  for (let t = 0; t < row.count; t++) {
    if (!visible(row.keys[t])) continue;
    row.keys[kept] = row.keys[t];
    row.scores[kept++] = row.scores[t];
  }
  row.count = kept;
}

/** Rescales even if both maxima are −∞, which gives NaN. */
export function unguardedRescale(a: Arithmetic, row: RowSoftmax, max: number, o: Float64Array, at: number, e: number): void {
  const factor = a.round(Math.exp(a.round(row.max - max)));
  row.sum = a.round(row.sum * factor);
  a.multiply(o, at, e, factor);
  row.max = max;
}
