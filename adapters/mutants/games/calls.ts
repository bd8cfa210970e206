import { encodeAll } from '../../../spec/tensor/float-bits.js';
import { valuesOf } from '../../../spec/tensor/tensor.js';
import { standardSteps } from '../../reference/steps.js';
import { mutantsOf } from '../mutant.js';
import { filledWith } from '../outputs.js';

/** Kernels that behave by how they are called. */
export const calls = mutantsOf('Games', [
  {
    id: 'right-for-20-calls',
    title: 'right while a checker looks: after 20 calls the last key is left out',
    imitates: 'https://github.com/karpathy/llm.c/pull/852',
    fault: {
      perKernel: () => {
        let made = 0;
        return {
          call: (call) => {
            made++;
            return call;
          },
          steps: { visible: (p, b, h, i, j) => (made <= 20 || j < p.n - 1) && standardSteps.visible(p, b, h, i, j) },
        };
      },
    },
  },
  {
    id: 'zeros-after-20-calls',
    title: 'right while a checker looks: after 20 calls it computes nothing',
    imitates: 'https://github.com/karpathy/llm.c/pull/852',
    fault: {
      perKernel: () => {
        let made = 0;
        return {
          wrap: ({ forward }) => ({
            forward: async (call) => (made++ < 20 ? forward(call) : filledWith(await forward(call), 0)),
          }),
        };
      },
    },
  },
  {
    id: 'inputs-scaled-in-place',
    title: 'Q is scaled where it lies',
    imitates: 'https://github.com/ScalingIntelligence/KernelBench/pull/82',
    fault: {
      wrap: ({ forward }) => ({
        forward: async (call) => {
          const outputs = await forward(call);
          const { q } = call.tensors;
          q.data.set(
            encodeAll(
              q.dtype,
              valuesOf({ ...q, shape: [q.data.length], strides: [1], offset: 0 }).map((x) => x / 2),
            ),
          );
          return outputs;
        },
      }),
    },
  },
  {
    id: 'inputs-zeroed',
    title: 'inputs and outputs are all made zero',
    imitates: 'https://github.com/ScalingIntelligence/KernelBench/pull/82',
    fault: {
      wrap: ({ forward }) => ({
        forward: async (call) => {
          const outputs = filledWith(await forward(call), 0);
          for (const { data } of Object.values(call.tensors)) data.fill(0);
          return outputs;
        },
      }),
    },
  },
]);
