import { tensorOf, transpose, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Call, Gradients } from '../../kernel.js';
import { documents, type PackedDocument } from '../reference/steps/packed.js';
import { offset } from '../reference/steps/scores.js';
import type { Fault } from './lib/mutant.js';
import { mutantsOf } from './lib/mutant.js';
import { withoutOption } from './lib/options.js';

export const packedMutants = mutantsOf('Packed sequences', [
  {
    id: 'documents-ignored',
    title: 'packed sequences are one sequence',
    imitates: 'https://github.com/Tencent-Hunyuan/HunyuanVideo/pull/310',
    fault: ofDocuments((all) => [{ queries: [0, all[all.length - 1].queries[1]], keys: [0, totalKeys(all)] }]),
  },
  {
    id: 'document-first-key-lost',
    title: "a document's first key is lost",
    imitates: 'bounds off by one: cu_seqlens[i] + 1 where a document begins',
    fault: ofDocuments((all) => all.map(({ queries, keys: [start, end] }) => ({ queries, keys: [Math.min(start + 1, end), end] }))),
  },
  {
    id: 'document-next-key-seen',
    title: 'a document sees the first key of the next one',
    imitates: 'bounds off by one: j ≤ cu_seqlens[i + 1] in place of j <',
    fault: ofDocuments((all) =>
      all.map(({ queries, keys: [start, end] }) => ({ queries, keys: [start, start < end ? Math.min(end + 1, totalKeys(all)) : end] })),
    ),
  },
  {
    id: 'longest-document-as-length',
    title: 'every document has as many keys as the longest one, up to the end of all keys',
    imitates: 'https://github.com/Dao-AILab/flash-attention/pull/1455',
    fault: ofDocuments((all) => {
      const longest = Math.max(...all.map(({ keys }) => keys[1] - keys[0]));
      return all.map(({ queries, keys: [start] }) => ({ queries, keys: [start, Math.min(start + longest, totalKeys(all))] }));
    }),
  },
  {
    id: 'query-bounds-for-keys',
    title: 'documents are found among the keys by the bounds of the queries',
    imitates: 'one cu_seqlens for queries and keys, as in self-attention',
    fault: ofDocuments((all) =>
      all.map(({ queries }) => ({ queries, keys: [Math.min(queries[0], totalKeys(all)), Math.min(queries[1], totalKeys(all))] })),
    ),
  },
  {
    id: 'empty-documents-shift-keys',
    title: 'documents without queries are skipped, and the keys of all after them come from the document before',
    imitates: 'documents counted by their queries, after documents of length zero were dropped from one of two lists',
    fault: ofDocuments((all) =>
      all.filter(({ queries: [start, end] }) => start < end).map(({ queries }, x) => ({ queries, keys: all[x].keys })),
    ),
  },
  {
    id: 'offset-of-first-document',
    title: 'every document has the causal offset of the first',
    imitates: 'https://github.com/ROCm/rocm-libraries/pull/10999',
    fault: { perKernel: offsetOfFirst },
  },
  {
    id: 'packed-softcap-lost',
    title: 'the forward pass of packed sequences has no softcap where a head has more than 64 channels',
    imitates: 'an entry point for packed sequences that does not pass on an option that was added later, in the variant for large heads',
    alone: 'oracle',
    fault: {
      call: (call, pass) => (pass === 'forward' && call.case.packed && call.case.dims.d > 64 ? withoutOption(call, 'softcap') : call),
    },
  },
  {
    id: 'packed-lse-transposed',
    title: 'the LSE of packed sequences lies with the sequence before the heads',
    imitates: 'https://github.com/vllm-project/vllm-xpu-kernels/pull/479',
    fault: {
      wrap: ({ forward }) => ({
        forward: async (call) => {
          const { o, lse } = await forward(call);
          return { o, lse: call.case.packed ? tensorOf(lse.dtype, lse.shape, valuesOf(transpose(lse, [1, 0]))) : lse };
        },
      }),
    },
  },
  {
    id: 'dk-of-next-document',
    title: 'the gradient of the last key of a document is added to the first key of the next',
    imitates: 'https://github.com/tile-ai/tilelang/pull/2010',
    alone: 'gradient',
    fault: ofKeyGradient((rows, all, width) => {
      for (const { keys } of all) {
        const [start, end] = keys;
        if (start === end || end === totalKeys(all)) continue;
        for (let x = 0; x < width; x++) rows[end * width + x] += rows[(end - 1) * width + x];
      }
    }),
  },
  {
    id: 'dk-unwritten-without-queries',
    title: 'the gradient of keys without queries is not written',
    imitates: 'https://github.com/Dao-AILab/flash-attention/pull/2568',
    fault: ofKeyGradient((rows, all, width) => {
      for (const { queries, keys } of all) if (queries[0] === queries[1]) rows.fill(NaN, keys[0] * width, keys[1] * width);
    }),
  },
]);

function ofDocuments(change: (all: readonly PackedDocument[]) => PackedDocument[]): Fault {
  return { steps: { documents: (cuQueries, cuKeys) => change(documents(cuQueries, cuKeys)) } };
}

function totalKeys(all: readonly PackedDocument[]): number {
  return all[all.length - 1].keys[1];
}

/** Uses n − m of the first document for all documents of a packed call. */
function offsetOfFirst(): Fault {
  let first: PackedDocument | undefined;
  return {
    call: (call) => {
      first = undefined;
      return call;
    },
    steps: {
      documents: (cuQueries, cuKeys) => {
        const all = documents(cuQueries, cuKeys);
        first = all[0];
        return all;
      },
      offset: (p) => (first ? first.keys[1] - first.keys[0] - (first.queries[1] - first.queries[0]) : offset(p)),
    },
  };
}

/** Changes dk [tk, hk, d] of packed sequences. @param change gets rows of `width` numbers. */
function ofKeyGradient(change: (rows: Float64Array, all: readonly PackedDocument[], width: number) => void): Fault {
  const changed = (call: Call, gradients: Gradients): Gradients => {
    const { cu_q, cu_k } = call.tensors;
    if (!call.case.packed) return gradients;
    const { dk } = gradients;
    const rows = valuesOf(dk);
    change(rows, documents(cu_q.data as Int32Array, cu_k.data as Int32Array), dk.shape[1] * dk.shape[2]);
    return { ...gradients, dk: tensorOf(dk.dtype, dk.shape, rows) };
  };
  return {
    wrap: ({ backward }) => ({ backward: async (call) => changed(call, await backward(call)) }),
  };
}
