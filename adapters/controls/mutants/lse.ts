import { tensorOf, transpose, valuesOf } from '../../../spec/tensor/tensor.js';
import { logSumExp } from '../reference/steps/softmax-row.js';
import { mutantsOf } from './lib/mutant.js';

export const lseMutants = mutantsOf('LSE', [
  {
    id: 'lse-base-2',
    title: 'the LSE is in base 2',
    imitates: 'https://github.com/flashinfer-ai/flashinfer/issues/4485',
    fault: { steps: { logSumExp: (a, row) => a.round(logSumExp(a, row) / Math.LN2) } },
  },
  {
    id: 'lse-mixed-bases',
    title: 'the LSE is the maximum, in base e, and the logarithm of the sum in base 2',
    imitates: 'kernels with exp2 and log2 that multiply the maximum by ln 2 and forget the sum',
    fault: { steps: { logSumExp: (a, row) => (row.sum === 0 ? -Infinity : a.round(row.max + a.round(Math.log2(row.sum)))) } },
  },
  {
    id: 'lse-times-ln-2',
    title: 'the LSE is multiplied by ln 2',
    imitates: 'https://github.com/pytorch/pytorch/issues/181645',
    fault: { steps: { logSumExp: (a, row) => a.round(logSumExp(a, row) * Math.LN2) } },
  },
  {
    id: 'lse-without-maximum',
    title: 'the LSE lacks the maximum',
    imitates: 'https://github.com/Dao-AILab/flash-attention/issues/404',
    fault: { steps: { logSumExp: (a, row) => (row.sum === 0 ? -Infinity : a.round(Math.log(row.sum))) } },
  },
  {
    id: 'lse-is-maximum',
    title: 'the LSE is the maximum',
    imitates: 'kernels that save the running maximum m without the logarithm of the sum l',
    fault: { steps: { logSumExp: (_, row) => row.max } },
  },
  {
    id: 'lse-of-later-blocks',
    title: 'the sum of a block of keys that is not the first starts at 1',
    imitates: 'split keys, where only the first part initialises its sum',
    alone: 'lse-merge',
    fault: {
      wrap: ({ forward }) => ({
        forward: async (call) => {
          const outputs = await forward(call);
          const { lse } = outputs;
          if (!call.case.block?.keys[0]) return outputs;
          return {
            ...outputs,
            lse: tensorOf(
              lse.dtype,
              lse.shape,
              valuesOf(lse).map((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
            ),
          };
        },
      }),
    },
  },
  {
    id: 'lse-transposed',
    title: 'the LSE lies with the sequence before the heads',
    imitates: 'https://github.com/zhuzilin/ring-flash-attention/pull/47',
    fault: {
      wrap: ({ forward }) => ({
        forward: async (call) => {
          const { o, lse } = await forward(call);
          return { o, lse: tensorOf(lse.dtype, lse.shape, valuesOf(transpose(lse, lse.shape.length === 3 ? [0, 2, 1] : [1, 0]))) };
        },
      }),
    },
  },
]);
