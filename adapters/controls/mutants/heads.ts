import { addKeyGradient, addValueGradient } from '../reference/steps/gradients.js';
import { mutantsOf } from './lib/mutant.js';
import { forwardOf } from './lib/problem-steps.js';
import { columnsFrom } from './lib/vectors.js';

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
    title: 'dk and dv get a part only from the first query head of a group',
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

export const headSizesMutants = mutantsOf('Dv ≠ D', [
  {
    id: 'v-row-length-of-k',
    title: "rows of V are taken to be as long as K's",
    imitates: 'https://github.com/vllm-project/vllm/pull/2622',
    fault: {
      forward: forwardOf((p) => ({ ...p, v: p.v.map((_, at) => p.v[Math.floor(at / p.e) * p.d + (at % p.e)] ?? 0) })),
    },
  },
  {
    id: 'v-columns-of-k',
    title: "columns of V beyond K's are lost",
    imitates: 'https://github.com/XunhaoLai/native-sparse-attention-triton/issues/27',
    fault: { forward: forwardOf((p) => ({ ...p, v: columnsFrom(p.v, p.e, p.d) })) },
  },
  {
    id: 'scale-from-v',
    title: "the default scale comes from V's head size",
    imitates: 'https://github.com/vllm-project/vllm/pull/48658',
    fault: { steps: { defaultScale: (p) => 1 / Math.sqrt(p.e) } },
  },
  {
    id: 'delta-over-k-columns',
    title: 'the backward pass sums do·o over as many columns as K has',
    imitates: 'https://github.com/XunhaoLai/native-sparse-attention-triton/issues/27',
    fault: { steps: { delta: (p, dO, o, at) => p.arithmetic.dot(dO, at, o, at, Math.min(p.d, p.e)) } },
  },
]);
