import { tile } from '../reference/online.js';
import { normalise } from '../reference/softmax-row.js';
import { standardSteps } from '../reference/steps.js';
import { mutantsOf } from './mutant.js';
import { forwardOf } from './problem-steps.js';
import { headTailLost } from './vectors.js';

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
    title: 'the last key is lost from 1,000 keys on',
    imitates: 'a lost key, of which the weight shrinks as 1/n: no fixed tolerance sees it',
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
    id: 'head-tail-lost',
    title: 'channels of Q after the last multiple of 8 are lost, where there is one',
    imitates: 'dot products in vectors of 8, without their remainder',
    fault: { forward: forwardOf((p) => ({ ...p, q: headTailLost(p.q, p.d, 8) })) },
  },
]);
