import { bytesOf } from '../../../spec/tensor/dtype.js';
import { contiguousData } from '../../../spec/tensor/tensor.js';
import type { Call, Outputs, Tensor } from '../../adapter.js';
import { type Fault, mutantsOf } from '../mutant.js';

/** A part that a cache key leaves out, and how that is told. */
const leftOut: Readonly<Record<string, string>> = {
  q: 'q',
  k: 'k',
  v: 'v',
  mask: 'the mask',
  bias: 'the bias',
  alibi: "ALiBi's slopes",
  sink: 'the sink',
  scale: 'the scale',
  softcap: 'the softcap',
  documents: 'the lengths of packed documents',
  block_table: 'the table of pages',
  cache_lengths: 'the lengths of the sequences in a cache',
};

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
  ...Object.entries(leftOut).map(([name, told]) => ({
    id: `output-cached-without-${name.replace('_', '-')}`,
    title: `outputs are computed once for all inputs but ${told}`,
    imitates: 'a cache whose key lacks one of the arguments',
    // other properties too make calls that differ in nothing but q, or v
    ...(name !== 'q' && name !== 'v' && { alone: 'stateless' }),
    fault: { perKernel: () => cached((call) => keyWithout(call, name)) },
  })),
  {
    id: 'gradients-cached-without-do',
    title: 'gradients are computed once for all inputs but dO',
    imitates: 'a cache whose key lacks one of the arguments',
    alone: 'stateless',
    fault: { perKernel: () => cached((call) => keyWithout(call, 'do'), 'backward') },
  },
]);

/** Every argument of a call but one: a hash of each tensor, and what the case says. */
function keyWithout({ case: c, tensors }: Call, name: string): string {
  const { values: _, options, packed, ...rest } = c;
  const documents = name === 'documents';
  const kept = Object.entries(tensors).filter(([tensor]) => tensor !== name && !(documents && tensor.startsWith('cu_')));
  return JSON.stringify([
    rest,
    { ...options, [name]: undefined },
    documents ? packed?.q.length : packed,
    ...kept.map(([tensor, t]) => `${tensor} ${t.shape} ${hashed(t)}`),
  ]);
}

/** Two sums over all bytes, FNV-1a with different primes. */
function hashed(t: Tensor): string {
  const { buffer, byteOffset, byteLength } = contiguousData(t);
  let [x, y] = [0x811c9dc5, 0x9e3779b9];
  for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) {
    x = Math.imul(x ^ byte, 0x01000193);
    y = Math.imul(y ^ byte, 0x85ebca6b);
  }
  return `${x} ${y}`;
}

/** Calls that are remembered; the oldest is forgotten first. */
const REMEMBERED = 64;

/** @param keyOf undefined: the call is computed. */
function cached(keyOf: (call: Call) => string | undefined, pass: 'forward' | 'backward' = 'forward'): Fault {
  const known = new Map<string, Outputs>();
  return {
    wrap: (kernel) => ({
      [pass]: async (call: Call) => {
        const key = keyOf(call);
        if (key === undefined) return kernel[pass](call);
        const outputs = known.get(key) ?? (await kernel[pass](call));
        known.set(key, outputs);
        if (known.size > REMEMBERED) known.delete(known.keys().next().value as string);
        return outputs;
      },
    }),
  };
}
