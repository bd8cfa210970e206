import { online, tile } from '../reference/softmax/online.js';
import type { SoftmaxForward } from '../reference/softmax/softmax-forward.js';
import { normalise } from '../reference/steps/softmax-row.js';
import { standardSteps } from '../reference/steps/steps.js';
import { mutantsOf } from './lib/mutant.js';
import { forwardOf } from './lib/problem-steps.js';
import { headTailLost } from './lib/vectors.js';

export const tailsMutants = mutantsOf('Tails', [
  {
    id: 'partial-tile-skipped',
    title: 'keys after the last whole tile are skipped, where there is one',
    imitates: 'https://github.com/OpenNLPLab/lightning-attention/pull/28',
    fault: { steps: { endKey: (p, i) => Math.min(standardSteps.endKey(p, i), p.n < tile ? p.n : p.n - (p.n % tile)) } },
  },
  {
    id: 'one-key-too-many',
    title: 'a tile that is not full takes one key more: the next head begins there',
    imitates: 'https://github.com/FluxML/NNkernels.jl/pull/16',
    fault: {
      steps: {
        endKey: (p, i) => (p.right < 0 && p.n % tile !== 0 ? p.n + 1 : standardSteps.endKey(p, i)),
        visible: (p, b, h, i, j) => j === p.n || standardSteps.visible(p, b, h, i, j),
      },
    },
  },
  {
    id: 'last-key-lost-when-long',
    title: 'the last key is lost with 1,000 or more keys',
    imitates: 'a lost key whose weight shrinks as 1/n: no fixed tolerance detects it',
    fault: {
      steps: {
        visible: (p, b, h, i, j) => !(p.n >= 1000 && j === p.n - 1) && standardSteps.visible(p, b, h, i, j),
      },
    },
  },
  {
    id: 'tail-scores-kept',
    title: 'the sum counts a missing key with score 0 in every row',
    imitates: 'https://github.com/jax-ml/jax/issues/27224',
    fault: {
      steps: {
        normalise: (a, row, o, at, e) => {
          if (row.sum !== 0) row.sum = a.round(row.sum + a.round(Math.exp(a.round(-row.max))));
          normalise(a, row, o, at, e);
        },
      },
    },
  },
  {
    id: 'padded-keys-counted',
    title: 'keys are filled up to a whole tile with zeros, which the sum counts',
    imitates: 'tiles of K filled up with zeros whose scores are not masked: each adds exp(0 − max)',
    fault: {
      forward: (p, steps) =>
        online(p, {
          ...steps,
          normalise: (a, row, o, at, e) => {
            const missing = (tile - (p.n % tile)) % tile;
            if (row.sum !== 0) row.sum = a.round(row.sum + a.round(missing * a.round(Math.exp(a.round(-row.max)))));
            steps.normalise(a, row, o, at, e);
          },
        }),
    },
  },
  {
    id: 'last-tile-stale',
    title: 'a last tile that is not full is filled up with keys of the tile before',
    imitates: 'shared memory that the last tile fills partly, but reads completely',
    fault: { forward: withStaleTile },
  },
  {
    id: 'head-tail-lost',
    title: 'channels of Q after the last multiple of 8 are lost, where there is one',
    imitates: 'dot products in vectors of 8, without their remainder',
    fault: { forward: forwardOf((p) => ({ ...p, q: headTailLost(p.q, p.d, 8) })) },
  },
]);

/** Reads stale keys after the last key, unless a diagonal mask or a bias hides them. */
function withStaleTile(...[p, steps]: Parameters<SoftmaxForward>): ReturnType<SoftmaxForward> {
  const n = Math.ceil(p.n / tile) * tile;
  if (p.n < tile || n === p.n || p.right >= 0 || p.bias) return online(p, steps);
  const longer = (rows: Float64Array, width: number) => {
    const out = new Float64Array(p.b * p.hk * n * width);
    for (let row = 0; row < p.b * p.hk * n; row++) {
      const j = row % n;
      const from = (Math.floor(row / n) * p.n + (j < p.n ? j : j - tile)) * width;
      out.set(rows.subarray(from, from + width), row * width);
    }
    return out;
  };
  return online(
    { ...p, n, k: longer(p.k, p.d), v: longer(p.v, p.e) },
    {
      ...steps,
      firstKey: (_, i) => steps.firstKey(p, i),
      endKey: () => n,
      visible: (_, b, h, i, j) => j >= p.n || steps.visible(p, b, h, i, j),
    },
  );
}
