import { type Tensor, tensor, valuesOf } from '../../../spec/tensor/tensor.js';
import { standardSteps } from '../reference/steps/steps.js';
import { mutantsOf, type Passes } from './lib/mutant.js';
import { forwardOf } from './lib/problem-steps.js';
import { columnsFrom } from './lib/vectors.js';

/** Integer overflows within a few thousand keys. */
export const limitsMutants = mutantsOf('Limits', [
  {
    id: 'key-index-11-bits',
    title: 'key indexes have 11 bits: keys from 2,048 on are not seen',
    imitates: 'https://github.com/NVIDIA/TensorRT-LLM/pull/1076',
    fault: { steps: { endKey: (p, i) => Math.min(standardSteps.endKey(p, i), 2 ** 11) } },
  },
  {
    id: 'key-index-16-bits',
    title: 'key indexes have 16 bits: keys from 65,536 on are not seen',
    imitates: 'https://github.com/NVIDIA/TensorRT-LLM/pull/1076',
    alone: 'size-boundary',
    fault: { steps: { endKey: (p, i) => Math.min(standardSteps.endKey(p, i), 2 ** 16) } },
  },
  {
    id: 'value-offset-12-bits',
    title: 'offsets into V have 12 bits within a head, and wrap around',
    imitates: 'https://github.com/fla-org/flash-linear-attention/pull/965',
    fault: {
      forward: forwardOf((p) => {
        const size = p.n * p.e;
        return { ...p, v: p.v.map((_, at) => p.v[Math.floor(at / size) * size + ((at % size) % 2 ** 12)]) };
      }),
    },
  },
  {
    id: 'query-offset-int8',
    title: 'the position of a query among the keys is a signed 8-bit number',
    imitates: 'https://github.com/fla-org/native-sparse-attention/issues/15',
    fault: { steps: { offset: (p) => ((p.n - p.m + 128) & 255) - 128 } },
  },
  {
    id: 'head-size-asserted',
    title: 'head sizes that are not multiples of 8 are refused, though no limit says so',
    imitates: 'assert D % 8 == 0',
    fault: {
      call: (call) => {
        if (call.case.dims.d % 8 !== 0) throw new Error('the head size must be a multiple of 8');
        return call;
      },
    },
  },
]);

/** Faults at sizes of real models; smaller problems are correct. */
export const productionSizesMutants = mutantsOf('Sizes of models', [
  {
    id: 'heads-of-96-as-64',
    title: 'heads of 96 go to a kernel for 64: the columns of K beyond are lost',
    imitates: 'kernels that pad head sizes to the next power of two, with a copy of the last one before it',
    fault: { forward: forwardOf((p) => (p.d === 96 ? { ...p, k: columnsFrom(p.k, p.d, 64) } : p)) },
  },
  {
    id: 'values-of-80-as-64',
    title: 'values of 80 columns are stored as 64: the others stay zero',
    imitates: 'kernels that are compiled for head sizes of 64 and 128, with a wrong bound for the sizes between',
    fault: {
      wrap: ({ forward }) => ({
        forward: async (call) => {
          const outputs = await forward(call);
          return call.case.dims.e === 80 ? { ...outputs, o: cleared(outputs.o, (at) => at % 80 >= 64) } : outputs;
        },
      }),
    },
  },
  {
    id: 'groups-of-five',
    title: 'a block computes four query heads of a group: from the fifth on they stay zero',
    imitates: 'kernels specialised for groups of 1, 2, 4 and 8, without one for 5, 6 and 7',
    fault: {
      wrap: ({ forward }) => ({
        forward: async (call) => {
          const outputs = await forward(call);
          const { g, m, e } = call.case.dims;
          if (g < 5 || g === 8 || call.case.packed || call.case.layout !== 'bhld') return outputs;
          return { ...outputs, o: cleared(outputs.o, (at) => Math.floor(at / (m * e)) % g >= 4) };
        },
      }),
    },
  },
  {
    id: 'batch-index-of-two-bits',
    title: 'the index of a batch entry of K has two bits: the fifth entry reads the first again',
    imitates: 'an index of a batch entry that is packed with other indices into one word',
    fault: {
      forward: forwardOf((p) => {
        const size = p.hk * p.n * p.d;
        return p.b < 5 ? p : { ...p, k: p.k.map((_, at) => p.k[(Math.floor(at / size) % 4) * size + (at % size)]) };
      }),
    },
  },
  {
    id: 'sixteen-heads-a-grid',
    title: 'of more than 16 query heads, those after the last 16 are lost',
    imitates: 'grids of blocks of 16 heads, rounded down',
    fault: {
      wrap: ({ forward }) => ({
        forward: async (call) => {
          const outputs = await forward(call);
          const { hk, g, m, e } = call.case.dims;
          const heads = hk * g;
          if (heads < 16 || call.case.packed || call.case.layout !== 'bhld') return outputs;
          return { ...outputs, o: cleared(outputs.o, (at) => Math.floor(at / (m * e)) % heads >= heads - (heads % 16)) };
        },
      }),
    },
  },
  {
    id: 'last-tile-of-long-rows',
    title: 'the last 16 keys are lost with 300 or more keys and heads of 64 or more columns',
    imitates: 'pipelines over keys whose last stage is not drained, in the variant for large heads',
    fault: {
      steps: {
        visible: (p, b, h, i, j) => !(p.n >= 300 && p.d >= 64 && j >= p.n - 16) && standardSteps.visible(p, b, h, i, j),
      },
    },
  },
  {
    id: 'dk-of-256-queries',
    title: 'dk sums over the first 256 queries',
    imitates: 'backward passes that process one block of queries, and skip the following blocks',
    fault: { wrap: (passes) => ({ backward: dkOfQueries(passes, 256) }) },
  },
]);

function cleared(t: Tensor, lost: (at: number) => boolean): Tensor {
  const values = t.data.slice();
  for (let at = 0; at < values.length; at++) if (lost(at)) values[at] = 0 as never;
  return { ...t, data: values };
}

/** Computes dk as if do were zero from query `most` on. */
function dkOfQueries({ backward }: Passes, most: number): Passes['backward'] {
  return async (call) => {
    const gradients = await backward(call);
    const { m, e } = call.case.dims;
    if (m <= most || call.case.packed || call.case.layout !== 'bhld') return gradients;
    const dO = call.tensors.do;
    const kept = valuesOf(dO).map((x, at) => (Math.floor(at / e) % m < most ? x : 0));
    const { dk } = await backward({ ...call, tensors: { ...call.tensors, do: tensor('f32', dO.shape, Float32Array.from(kept)) } });
    return { ...gradients, dk };
  };
}
