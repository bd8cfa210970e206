import type { Capabilities } from '../../adapters/adapter.js';
import type { Call, Kernel } from '../../adapters/kernel.js';
import { type Tensors, tensorOf, valuesOf } from '../../spec/tensor/tensor.js';
import { rows } from './operators/operator.js';
import { dot, f, mix, problemOf, softmax, upTo } from './operators/problem.js';

const CAP = 30;

/** Sizes for plain loops. */
const limits = Object.fromEntries(['m', 'n', 'd', 'e'].map((axis) => [axis, { max: 20 }]));

/** Claims of softmax attention with ALiBi's slopes and a soft cap of 30 that no caller chooses. */
export const alibiCapabilities: Capabilities = {
  dtypes: ['f32'],
  operators: ['softmax'],
  masks: ['full', 'causal'],
  options: ['scale'],
  fixed: { alibi: true, softcap: CAP },
  limits,
};

/** Claims of retention with the decays of its paper. */
export const retentionCapabilities: Capabilities = { dtypes: ['f32'], operators: ['retention'], fixed: { decay: true }, limits };

/** Claims of softmax attention over keys and values in fp8, with queries in bf16. */
export const narrowCacheCapabilities: Capabilities = {
  dtypes: ['bf16'],
  operators: ['softmax'],
  stored: { k: 'f8e4m3', v: 'f8e4m3' },
  numeric: { probabilities: 'accumulate' },
  limits,
};

function kernel(forward: (call: Call) => Tensors): Kernel {
  return {
    environment: {},
    forward: async (call) => forward(call),
    backward: async () => {
      throw new Error('there is no backward pass');
    },
    async [Symbol.asyncDispose]() {},
  } as Kernel;
}

/** Powers of two that fall evenly to 2⁻⁸; beside them, for other numbers of heads, every other one of twice as many heads. */
function slope(head: number, heads: number): number {
  const even = 2 ** Math.floor(Math.log2(heads));
  return head < even ? f(2 ** f((-8 * (head + 1)) / even)) : f(2 ** f((-4 * (2 * (head - even) + 1)) / even));
}

/** @param first place of the first head among the slopes; 0 is right. */
export const alibiKernel = (first = 0): Kernel => kernel((call) => alibi(call, first));

function alibi(call: Call, first: number): Tensors {
  const { dims, tensors, option, keys } = problemOf(call);
  const { hk, g, m, n, d, e } = dims;
  const scale = option('scale', 1 / Math.sqrt(d));
  return output(
    'f32',
    rows(dims, (batch, h, i) => {
      const own = batch * hk + Math.floor(h / g);
      const seen = keys(batch, h, i);
      const scores = seen.map((j) => {
        const s = f(scale * dot(tensors.q, ((batch * hk * g + h) * m + i) * d, tensors.k, (own * n + j) * d, d));
        return f(f(CAP * Math.tanh(f(s / CAP))) + f(slope(h + first, hk * g) * (j - i - n + m)));
      });
      return mix(
        softmax(scores),
        tensors.v,
        seen.map((j) => (own * n + j) * e),
        e,
      );
    }),
  );
}

/** @param start exponent of the first head's decay; −5 is right. */
export const retentionKernel = (start = -5): Kernel => kernel((call) => retention(call, start));

function retention(call: Call, start: number): Tensors {
  const { dims, tensors, option } = problemOf(call);
  const { hk, g, n, d, e } = dims;
  const scale = option('scale', 1 / Math.sqrt(d));
  return output(
    'f32',
    rows(dims, (batch, h, i) => {
      const head = Math.floor(h / g);
      const own = batch * hk + head;
      const decay = f(Math.log(f(1 - f(2 ** (start - head)))));
      const seen = upTo(i + 1);
      const weights = seen.map((j) =>
        f(f(Math.exp(f(decay * (i - j)))) * dot(tensors.q, ((batch * hk * g + h) * n + i) * d, tensors.k, (own * n + j) * d, d)),
      );
      const places = seen.map((j) => (own * n + j) * e);
      return mix(weights, tensors.v, places, e).map((x) => f(scale * x));
    }),
  );
}

/** @param scales false leaves the scales of keys and values out. */
export const narrowCacheKernel = (scales = true): Kernel => kernel((call) => narrowCache(call, scales));

function narrowCache({ case: c, tensors }: Call, scales: boolean): Tensors {
  const { hk, g, m, n, d, e } = c.dims;
  if (tensors.k.dtype !== 'f8e4m3' || tensors.v.dtype !== 'f8e4m3' || tensors.q.dtype !== 'bf16') throw new Error('other types');
  const wide = (name: 'k' | 'v') => {
    const values = valuesOf(tensors[name]);
    const factors = valuesOf(tensors[`${name}_scale`]);
    return Float32Array.from(values, (x, i) => (scales ? x * factors[Math.floor(i / (values.length / factors.length))] : x));
  };
  const [q, k, v] = [Float32Array.from(valuesOf(tensors.q)), wide('k'), wide('v')];
  return output(
    'bf16',
    rows(c.dims, (batch, h, i) => {
      const own = batch * hk + Math.floor(h / g);
      const scores = upTo(n).map((j) => f(f(1 / Math.sqrt(d)) * dot(q, ((batch * hk * g + h) * m + i) * d, k, (own * n + j) * d, d)));
      return mix(
        softmax(scores),
        v,
        upTo(n).map((j) => (own * n + j) * e),
        e,
      );
    }),
  );
}

function output(dtype: 'f32' | 'bf16', { shape, values }: ReturnType<typeof rows>): Tensors {
  return { o: tensorOf(dtype, shape, values) };
}
