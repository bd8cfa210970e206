import { rowMajor, type Tensor } from '../../../spec/tensor/tensor.js';
import type { Call } from '../../kernel.js';
import { mutantsOf } from './lib/mutant.js';

export const stridesMutants = mutantsOf('Strides', [
  {
    id: 'v-contiguous',
    title: 'V is read as if it were contiguous',
    imitates: 'https://github.com/flagos-ai/FlagGems/issues/5896',
    fault: { call: (call) => reread(call, 'v', (t) => ({ ...t, strides: rowMajor(t.shape), offset: 0 })) },
  },
  {
    id: 'k-batch-stride-from-shape',
    title: "K's batch stride is the product of its other sizes",
    imitates: 'https://github.com/NVIDIA/TransformerEngine/issues/1195',
    fault: { call: (call) => reread(call, 'k', (t) => ({ ...t, strides: [rowMajor(t.shape)[0], ...t.strides.slice(1)] })) },
  },
  {
    id: 'q-sequence-stride-from-shape',
    title: 'the stride of Q along its third axis is taken to be the size of the last axis',
    imitates: 'https://github.com/Dao-AILab/flash-attention/pull/2666',
    alone: 'strided',
    fault: {
      call: (call) => reread(call, 'q', (t) => ({ ...t, strides: [t.strides[0], t.strides[1], t.shape[3], t.strides[3]] })),
    },
  },
  {
    id: 'q-offset-ignored',
    title: 'a view of Q is read from the start of its memory',
    imitates: 'kernels that use the storage of a slice as the slice',
    fault: { call: (call) => reread(call, 'q', (t) => ({ ...t, offset: 0 })) },
  },
  {
    id: 'k-layout-ignored',
    title: 'K with the sequence before the heads is read as if the heads came first',
    imitates: 'https://github.com/BobMcDear/attorch/issues/14',
    fault: {
      call: (call) =>
        call.case.layout === 'blhd'
          ? reread(call, 'k', (t) => ({ ...t, strides: [t.strides[0], t.shape[3], t.shape[1] * t.shape[3], 1] }))
          : call,
    },
  },
  {
    id: 'do-contiguous',
    title: 'the gradient of the output is read as if it were contiguous',
    imitates: 'https://github.com/Dao-AILab/flash-attention/pull/2666',
    fault: { call: (call) => reread(call, 'do', (t) => ({ ...t, strides: rowMajor(t.shape), offset: 0 })) },
  },
]);

/** Replaces a tensor's view, keeping its memory. Packed sequences have no views. */
function reread(call: Call, name: string, view: (t: Tensor) => Tensor): Call {
  const t = call.tensors[name];
  return t && !call.case.packed ? { ...call, tensors: { ...call.tensors, [name]: view(t) } } : call;
}
