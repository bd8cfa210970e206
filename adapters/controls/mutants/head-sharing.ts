import { addKeyGradient, addValueGradient } from '../reference/steps/gradients.js';
import { mutantsOf } from './lib/mutant.js';

export const headSharingMutants = mutantsOf('Head sharing', [
  {
    id: 'heads-tiled',
    title: 'query head h reads key head h mod Hk',
    imitates: 'https://github.com/onnx/onnx/pull/7274',
    fault: { steps: { keyHead: (p, h) => h % p.hk } },
  },
  {
    id: 'heads-one-for-all',
    title: 'every query head reads the first key head, where heads are shared',
    imitates: 'https://github.com/BobMcDear/attorch/issues/14',
    fault: { steps: { keyHead: (p, h) => (p.g > 1 ? 0 : h) } },
  },
  {
    id: 'group-size-for-count',
    title: 'the group size and the number of key heads are exchanged',
    imitates: 'https://github.com/XunhaoLai/native-sparse-attention-triton/issues/27',
    fault: { steps: { keyHead: (p, h) => Math.min(Math.floor(h / p.hk), p.hk - 1) } },
  },
  {
    id: 'group-gradients-not-summed',
    title: 'dk and dv have the part of the first query head of a group alone',
    imitates: 'https://github.com/marin-community/levanter/pull/449',
    fault: {
      steps: {
        addKeyGradient: (p, row, ...rest) => {
          if (row.h % p.g === 0) addKeyGradient(p, row, ...rest);
        },
        addValueGradient: (p, row, ...rest) => {
          if (row.h % p.g === 0) addValueGradient(p, row, ...rest);
        },
      },
    },
  },
]);
