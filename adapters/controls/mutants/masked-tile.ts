import type { SoftmaxProblem } from '../reference/problem/softmax-problem.js';
import { listKeys } from '../reference/softmax/list-keys.js';
import { online } from '../reference/softmax/online.js';
import type { SoftmaxForward } from '../reference/softmax/softmax-forward.js';
import { createRow, placeRow, type Row } from '../reference/steps/row.js';
import { rescale } from '../reference/steps/softmax-row.js';
import type { Steps } from '../reference/steps/steps.js';
import { allKeys, unguardedRescale } from './lib/hidden-keys.js';
import { mutantsOf } from './lib/mutant.js';

/** Weight of a faint key, far below any bound. */
const FAINT = 2 ** -116;
const FIRST_TILE = 64;

/** Minimum number of visible keys of a faulty row. */
const MANY = 16;

/** Minimum weight of all keys; beside a dominant sink, a faint weight would be visible. */
const LEAST = 2 ** -10;

/** Gives hidden keys from the second tile on a faint weight, unless hidden from all queries. */
const withFaintKeys: SoftmaxForward = (p, steps) => {
  const outputs = online(p, steps);
  const { o } = outputs;
  const { round } = p.arithmetic;
  const row = createRow(p.n);
  const seen = keysSeen(p, steps, row);
  for (let r = 0; r < outputs.lse.length; r++) {
    placeRow(p, row, r);
    listKeys(p, steps, row, 0, p.n);
    if (row.count < MANY || (p.sink && 1 - Math.exp(p.sink[row.h] - outputs.lse[r]) < LEAST)) continue;
    const head = row.b * p.hk + steps.keyHead(p, row.h);
    for (let j = FIRST_TILE; j < p.n; j++) {
      if (seen[head * p.n + j] === 0 || steps.visible(p, row.b, row.h, row.i, j)) continue;
      const value = (head * p.n + j) * p.e;
      for (let c = 0; c < p.e; c++) o[r * p.e + c] = round(o[r * p.e + c] + FAINT * p.v[value + c]);
    }
  }
  p.store(o, 0, o.length);
  return outputs;
};

/** Returns [b, hk, n] with 1 for keys that some query sees. */
function keysSeen(p: SoftmaxProblem, steps: Steps, row: Row): Uint8Array {
  const seen = new Uint8Array(p.b * p.hk * p.n);
  for (let r = 0; r < p.b * p.heads * p.m; r++) {
    placeRow(p, row, r);
    listKeys(p, steps, row, FIRST_TILE, p.n);
    const first = (row.b * p.hk + steps.keyHead(p, row.h)) * p.n;
    for (let t = 0; t < row.count; t++) seen[first + row.keys[t]] = 1;
  }
  return seen;
}

export const maskedTileMutants = mutantsOf('Masked tile', [
  {
    id: 'masked-tile-nan',
    title: 'a first tile without a visible key is rescaled by exp(−∞ − (−∞))',
    imitates: 'https://github.com/flashinfer-ai/flashinfer/pull/4401',
    fault: { forward: allKeys({ emptyTile: 'compute' }), steps: { rescale: unguardedRescale } },
  },
  {
    id: 'masked-tile-ends-row',
    title: 'a tile without a visible key ends the row',
    imitates: 'https://github.com/NVIDIA/TensorRT-LLM/pull/19220',
    fault: { forward: allKeys({ emptyTile: 'end' }) },
  },
  {
    id: 'output-not-rescaled',
    title: 'a higher maximum rescales the sum, not the output',
    imitates: 'online softmax whose accumulator keeps the weights of an earlier maximum',
    fault: {
      steps: {
        rescale: (a, row, max) => {
          if (max === row.max) return;
          row.sum = a.round(row.sum * a.round(Math.exp(a.round(row.max - max))));
          row.max = max;
        },
      },
    },
  },
  {
    id: 'sum-not-rescaled',
    title: 'a higher maximum rescales the output, not the sum',
    imitates: 'online softmax whose denominator keeps the weights of an earlier maximum',
    fault: {
      steps: {
        rescale: (a, row, max, o, at, e) => {
          const { sum } = row;
          rescale(a, row, max, o, at, e);
          row.sum = sum;
        },
      },
    },
  },
  {
    id: 'nothing-rescaled',
    title: 'a higher maximum rescales neither the sum nor the output',
    imitates: 'tiles that are weighed by their own maxima, and added up',
    fault: {
      steps: {
        rescale: (_, row, max) => {
          row.max = max;
        },
      },
    },
  },
  {
    id: 'maximum-of-first-tile',
    title: 'the maximum of the first tile is kept for all tiles',
    imitates: 'a maximum that is taken from the first block of keys alone: exponentials overflow where a later score is far higher',
    fault: {
      steps: {
        rescale: (a, row, max, o, at, e) => {
          if (row.max === -Infinity) rescale(a, row, max, o, at, e);
        },
      },
    },
  },
  {
    id: 'small-rescale-left-out',
    title: 'a maximum that rises by less than 0.5 rescales nothing',
    imitates: 'FlashAttention 4 rescales only where the maximum rises by more than a threshold; here the old maximum is then forgotten',
    fault: {
      steps: {
        rescale: (a, row, max, o, at, e) => {
          if (max - row.max < 0.5) row.max = max;
          else rescale(a, row, max, o, at, e);
        },
      },
    },
  },
  {
    id: 'hidden-keys-faint',
    title: 'from the second tile on a hidden key that other queries see keeps a weight of 2⁻¹¹⁶, where a row sees 16 keys or more',
    imitates: 'a finite mask constant: the weight it leaves is below every tolerance',
    alone: 'visibility',
    fault: { forward: withFaintKeys },
  },
  {
    id: 'rescaled-every-time',
    title: 'every tile rescales, by 1 where the maximum stays',
    imitates: 'FlashAttention rescales at every tile; FlashAttention 4 skips this where the maximum stays',
    equivalent: 'multiplying by exp(0) = 1 changes no bit',
    fault: {
      steps: {
        rescale: (a, row, max, o, at, e) => {
          if (max !== -Infinity) unguardedRescale(a, row, max, o, at, e);
        },
      },
    },
  },
]);
