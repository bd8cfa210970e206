import { valuesOf } from '../../../spec/tensor/tensor.js';
import type { Call, Gradients } from '../../kernel.js';
import { logSumExp } from '../reference/steps/softmax-row.js';
import { allKeys } from './lib/hidden-keys.js';
import { type Fault, mutantsOf } from './lib/mutant.js';
import { filledWith } from './lib/outputs.js';

/** Uses the LSE of a forward pass of the same contiguous inputs: exp(s − (−∞)) in empty rows. */
function withSavedLse(): Fault {
  let saved: { readonly inputs: string; readonly empty: boolean } | undefined;
  return {
    wrap: ({ forward, backward }) => ({
      forward: async (call) => {
        const outputs = await forward(call);
        saved = call.case.views ? undefined : { inputs: inputsOf(call), empty: valuesOf(outputs.lse).includes(-Infinity) };
        return outputs;
      },
      backward: async (call) => {
        const gradients = await backward(call);
        return saved?.empty && saved.inputs === inputsOf(call) ? filledWith(gradients, NaN) : gradients;
      },
    }),
  };
}

function inputsOf({ tensors: { q, k, v } }: Call): string {
  return [q, k, v].map((t) => (t ? `${t.shape.join()}:${valuesOf(t).join()}` : '')).join(';');
}

/** Finite sentinel for −∞ in scores. */
const finiteSentinel = -1e9;

export const emptyRowMutants = mutantsOf('Empty row', [
  {
    id: 'empty-row-divided',
    title: 'a row that sees no key is 0 ÷ 0',
    imitates: 'https://github.com/pytorch/pytorch/issues/103963',
    fault: {
      steps: {
        normalise: (a, row, o, at, e) => {
          for (let c = at; c < at + e; c++) o[c] = a.round(o[c] / row.sum);
        },
      },
    },
  },
  {
    id: 'empty-row-mean',
    title: 'hidden scores are −1e9: a row that sees no key is the mean of V',
    imitates: 'https://github.com/ml-explore/mlx/issues/2395',
    fault: { forward: allKeys({ hide: () => finiteSentinel, emptyTile: 'compute', zeroWeights: 'weigh' }) },
  },
  {
    id: 'empty-lse-infinite',
    title: 'the LSE of a row that sees no key is +∞',
    imitates: 'FlashAttention 2 returns +∞ as the softmax_lse of rows without keys, which weighs an empty part fully in a merge',
    fault: { steps: { logSumExp: (a, row) => (row.sum === 0 ? Infinity : logSumExp(a, row)) } },
  },
  {
    id: 'empty-lse-zero',
    title: 'the LSE of a row that sees no key is 0',
    imitates: "PyTorch's FLASH_ATTENTION on the CPU gives an LSE of 0 for rows without keys (adapters/FINDINGS.md)",
    fault: { steps: { logSumExp: (a, row) => (row.sum === 0 ? 0 : logSumExp(a, row)) } },
  },
  {
    id: 'empty-row-gradient',
    title: 'one row that sees no key makes every gradient NaN',
    imitates: 'https://github.com/pytorch/pytorch/issues/41508',
    fault: {
      wrap: ({ forward, backward }) => ({
        backward: async (call): Promise<Gradients> => {
          const { lse } = await forward(call);
          const gradients = await backward(call);
          return valuesOf(lse).includes(-Infinity) ? filledWith(gradients, NaN) : gradients;
        },
      }),
    },
  },
  {
    id: 'empty-row-saved-lse',
    title: 'the backward pass takes the LSE that the forward pass of the same inputs kept, −∞ in a row that sees no key, and gives NaN',
    imitates: 'a saved softmax_lse that goes from the forward to the backward kernel without the guard of either',
    alone: 'empty-row',
    fault: { perKernel: withSavedLse },
  },
]);
