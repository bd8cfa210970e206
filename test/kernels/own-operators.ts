import type { Adapter } from '../../adapters/adapter.js';
import type { Call, Kernel, Outputs } from '../../adapters/kernel.js';
import { tensorOf, valuesOf } from '../../spec/tensor/tensor.js';

const { fround } = Math;

/** One row of queries, [batch b, head h, query i], with its place and the keys that it sees. */
interface Row {
  readonly b: number;
  readonly h: number;
  readonly i: number;
  readonly at: number;
  /** Place of its key head among all, [b, hk]. */
  readonly group: number;
  readonly keys: readonly number[];
}

interface Inputs {
  readonly dims: Call['case']['dims'] & { readonly r?: number };
  readonly tensors: Readonly<Record<string, Float64Array>>;
  readonly scale: number;
}

/** Result of a row: its output, and its LSE where it has one. */
type RowOutput = { readonly o: readonly number[]; readonly lse?: number };

/** A kernel in float32 loops over rows. Full and causal come by name, any other mask as booleans. */
function kernelOf(row: (row: Row, inputs: Inputs) => RowOutput, backward?: (call: Call) => Outputs): Kernel {
  return {
    environment: {},
    forward: async (call) => {
      const { dims } = call.case;
      const rows = rowsOf(call);
      const inputs = inputsOf(call);
      const outputs = rows.map((r) => row(r, inputs));
      const [heads, tokens] = call.case.layout === 'blhd' ? [dims.m, dims.hk * dims.g] : [dims.hk * dims.g, dims.m];
      const o = outputs.flatMap((output) => output.o);
      const lse = outputs.map((output) => output.lse ?? 0);
      return {
        o: tensorOf('f32', [dims.b, heads, tokens, dims.e], o),
        lse: tensorOf('f32', [dims.b, dims.hk * dims.g, dims.m], lse),
      };
    },
    ...(backward && { backward: async (call: Call) => backward(call) }),
    [Symbol.asyncDispose]: async () => {},
  };
}

function inputsOf({ case: { dims, options }, tensors }: Call): Inputs {
  return {
    dims,
    tensors: Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, valuesOf(t)])),
    scale: fround(typeof options.scale === 'number' ? options.scale : 1 / Math.sqrt(dims.d)),
  };
}

function rowsOf({ case: c, tensors }: Call): Row[] {
  const { b, hk, g, m, n } = c.dims;
  const mask = tensors.mask && valuesOf(tensors.mask);
  const causal = !mask && 'name' in c.mask && c.mask.name === 'causal';
  return Array.from({ length: b * hk * g * m }, (_, at) => {
    const i = at % m;
    const h = Math.floor(at / m) % (hk * g);
    const batch = Math.floor(at / (m * hk * g));
    const sees = (j: number) => (mask ? mask[at * n + j] !== 0 : !causal || j <= i + n - m);
    const keys = Array.from({ length: n }, (__, j) => j).filter(sees);
    return { b: batch, h, i, at, group: batch * hk + Math.floor(h / g), keys };
  });
}

function dot(x: ArrayLike<number>, xAt: number, y: ArrayLike<number>, yAt: number, length: number): number {
  let total = 0;
  for (let t = 0; t < length; t++) total = fround(total + fround(x[xAt + t] * y[yAt + t]));
  return total;
}

function softmax(scores: readonly number[]): { weights: number[]; lse: number } {
  if (scores.length === 0) return { weights: [], lse: -Infinity };
  const max = Math.max(...scores);
  const terms = scores.map((s) => fround(Math.exp(fround(s - max))));
  const sum = terms.reduce((total, term) => fround(total + term), 0);
  return { weights: terms.map((term) => fround(term / sum)), lse: fround(max + fround(Math.log(sum))) };
}

/** Σ weight · value, channel by channel. */
function weighed(weights: readonly number[], channels: number, value: (key: number, channel: number) => number): number[] {
  return Array.from({ length: channels }, (_, x) => weights.reduce((total, w, t) => fround(total + fround(w * value(t, x))), 0));
}

const claims: Omit<Adapter['capabilities'], 'operators'> = { dtypes: ['f32'], masks: ['full', 'causal'], denseMask: 'boolean' };

/** elu + 1 by explicit weights. @param empty what a row without keys is. */
export function maskedLinear(empty: number): Kernel {
  const feature = (x: number) => (x > 0 ? fround(x + 1) : fround(Math.exp(x)));
  return kernelOf(({ at, group, keys }, { dims: { n, d, e }, tensors: { q, k, v } }) => {
    const fq = Array.from(q.subarray(at * d, (at + 1) * d), feature);
    const weights = keys.map((j) => dot(fq, 0, Array.from(k.subarray((group * n + j) * d, (group * n + j + 1) * d), feature), 0, d));
    const sum = weights.reduce((total, w) => fround(total + w), 0);
    const o = weighed(weights, e, (t, x) => v[(group * n + keys[t]) * e + x]);
    return { o: o.map((x) => (keys.length > 0 ? fround(x / sum) : empty)) };
  });
}

export const maskedLinearCapabilities: Adapter['capabilities'] = { ...claims, operators: ['masked-linear'] };

/** Keys and values from one latent vector of each token, by a matrix for each key head. */
export const mla = kernelOf(({ b, h, at, keys }, { dims, tensors: { q, c, wk, wv }, scale }) => {
  const { n, d, e, g, r = 1 } = dims;
  const head = Math.floor(h / g);
  const read = (w: Float64Array, width: number, j: number, x: number) => dot(w, (head * width + x) * r, c, (b * n + j) * r, r);
  const scores = keys.map((j) => {
    const key = Array.from({ length: d }, (_, x) => read(wk, d, j, x));
    return fround(dot(q, at * d, key, 0, d) * scale);
  });
  const { weights, lse } = softmax(scores);
  return { o: weighed(weights, e, (t, x) => read(wv, e, keys[t], x)), lse };
});

export const mlaCapabilities: Adapter['capabilities'] = { ...claims, operators: ['my-mla'], options: ['scale'], outputs: ['o', 'lse'] };

/** Queries [b, m, d], keys [b, n, d] and values [b, n, e], of any strides. */
export const headless = kernelOf(({ b, at, keys }, { dims: { n, d, e }, tensors: { q, k, v } }) => {
  const { weights } = softmax(keys.map((j) => dot(q, at * d, k, (b * n + j) * d, d)));
  return { o: weighed(weights, e, (t, x) => v[(b * n + keys[t]) * e + x]) };
}, headlessGradients);

function headlessGradients(call: Call): Outputs {
  const { dims, tensors } = inputsOf(call);
  const { n, d, e } = dims;
  const { q, k, v, do: dO } = tensors;
  const [dq, dk, dv] = [q, k, v].map(({ length }) => new Float64Array(length));
  const add = (to: Float64Array, place: number, x: number) => {
    to[place] = fround(to[place] + x);
  };
  for (const { b, at, keys } of rowsOf(call)) {
    const { weights } = softmax(keys.map((j) => dot(q, at * d, k, (b * n + j) * d, d)));
    const o = weighed(weights, e, (t, x) => v[(b * n + keys[t]) * e + x]);
    const delta = dot(o, 0, dO, at * e, e);
    keys.forEach((j, t) => {
      const ds = fround(weights[t] * fround(dot(dO, at * e, v, (b * n + j) * e, e) - delta));
      for (let x = 0; x < e; x++) add(dv, (b * n + j) * e + x, fround(weights[t] * dO[at * e + x]));
      for (let x = 0; x < d; x++) add(dq, at * d + x, fround(ds * k[(b * n + j) * d + x]));
      for (let x = 0; x < d; x++) add(dk, (b * n + j) * d + x, fround(ds * q[at * d + x]));
    });
  }
  return {
    dq: tensorOf('f32', call.tensors.q.shape, dq),
    dk: tensorOf('f32', call.tensors.k.shape, dk),
    dv: tensorOf('f32', call.tensors.v.shape, dv),
  } as unknown as Outputs;
}

export const headlessCapabilities: Adapter['capabilities'] = {
  ...claims,
  operators: ['headless'],
  gradients: true,
  layouts: ['bhld', 'blhd'],
  strided: true,
};
