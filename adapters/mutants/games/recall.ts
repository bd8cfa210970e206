import { bytesOf } from '../../../spec/tensor/dtype.js';
import type { Call, Outputs, Tensor } from '../../adapter.js';
import { type Fault, mutantsOf } from '../mutant.js';

/** Kernels that give an earlier call's outputs again. */
export const recall = mutantsOf('Games', [
  {
    id: 'output-cached-by-shape',
    title: 'outputs are computed once for each shape',
    imitates: 'https://github.com/flashinfer-ai/flashinfer-bench-starter-kit/issues/21',
    fault: { perKernel: () => cached(({ case: c }) => JSON.stringify({ ...c, values: undefined })) },
  },
  {
    id: 'output-cached-by-pointer',
    title: 'outputs are computed once for each place in memory',
    imitates: 'https://github.com/flashinfer-ai/flashinfer-bench-starter-kit/issues/21',
    fault: {
      perKernel: () => {
        const numbers = new WeakMap<object, number>();
        let next = 0;
        return cached(({ case: c, tensors: { q } }) => {
          const { buffer, byteOffset } = q.data;
          if (!numbers.has(buffer)) numbers.set(buffer, next++);
          return JSON.stringify([numbers.get(buffer), byteOffset + q.offset * bytesOf(q.dtype), { ...c, values: undefined }]);
        });
      },
    },
  },
  {
    id: 'output-cached-by-elements',
    title: 'outputs are computed once for each shape and first element of q, k and v',
    imitates: 'https://github.com/flashinfer-ai/flashinfer-bench-starter-kit/issues/21',
    fault: {
      perKernel: () =>
        cached(({ case: c, tensors }) =>
          JSON.stringify([{ ...c, values: undefined }, ...['q', 'k', 'v'].map((name) => String(tensors[name].data[tensors[name].offset]))]),
        ),
    },
  },
  {
    id: 'output-cached-by-signs',
    title: 'outputs are computed once for each q, near half of k and v, and signs of the far half',
    imitates: 'a checksum that is sampled where a checker is thought not to look',
    alone: 'stateless',
    fault: {
      perKernel: () =>
        cached(({ case: c, tensors: { q, k, v, ...rest } }) => {
          // a cache in pages has neither, and changes in place
          if (!k) return undefined;
          const half = ({ data }: Tensor) => Array.from(data, (x, at) => (at < data.length / 2 ? x : Math.sign(x)));
          return JSON.stringify([
            { ...c, values: undefined },
            [...q.data],
            half(k),
            half(v),
            ...Object.values(rest).map(({ data }) => [...data]),
          ]);
        }),
    },
  },
]);

/** @param keyOf undefined: the call is computed. */
function cached(keyOf: (call: Call) => string | undefined): Fault {
  const known = new Map<string, Outputs>();
  return {
    wrap: ({ forward }) => ({
      forward: async (call) => {
        const key = keyOf(call);
        if (key === undefined) return forward(call);
        const outputs = known.get(key) ?? (await forward(call));
        known.set(key, outputs);
        return outputs;
      },
    }),
  };
}
