import type { Adapter, Tensor } from '../../../adapters/adapter.js';
import type { Call, Outputs } from '../../../adapters/kernel.js';
import { decode, encode, write } from '../../kernels/numbers.js';

/** Number of keys in a tile. */
const TILE = 64;

/** Fault of the kernel; everything that is left out is right. */
export interface Fault {
  readonly title: string;
  /** Number of keys that a row reads if it sees the first `seen` of n. */
  readonly reads?: (seen: number, n: number) => number;
  /** Factor by which the scale is multiplied. */
  readonly scale?: number;
  /** Number that is added to the LSE. */
  readonly lse?: number;
  /** Index, from 0, of the tile at which the earlier sums are not rescaled to the new maximum. */
  readonly unscaledTile?: number;
}

export const correct: Fault = { title: 'correct' };

/** Faults that every rule is asked to find, at every number of keys. */
export const faults: readonly Fault[] = [
  { title: 'last key dropped', reads: (seen) => seen - 1 },
  { title: 'one extra key', reads: (seen, n) => Math.min(n, seen + 1) },
  { title: 'last per cent dropped', reads: (seen) => seen - Math.ceil(seen / 100) },
  { title: 'scale × 0.9', scale: 0.9 },
  { title: 'LSE off by ln 2', lse: Math.LN2 },
  { title: 'one tile not rescaled', unscaledTile: 2 },
];

/** Values of a contiguous bf16 tensor. */
export function floats({ data }: Tensor): Float32Array {
  const bits = new Uint32Array(data.length);
  for (let i = 0; i < bits.length; i++) bits[i] = (data[i] as number) << 16;
  return new Float32Array(bits.buffer);
}

/** Number of keys, from the first, that query i sees: all, or with the causal mask (bottom-right) those up to its own position. */
export function seenKeys({ case: c }: Call, i: number): number {
  const { m, n } = c.dims;
  return 'name' in c.mask && c.mask.name === 'causal' ? Math.max(0, n - m + i + 1) : n;
}

export function scaleOf({ case: c }: Call): number {
  return (c.options.scale as number | undefined) ?? 1 / Math.sqrt(c.dims.d);
}

/**
 * Attention in bf16 as a fused kernel computes it: over tiles of keys, with scores, weights, their sum and that of the output in f32, and
 * with weights rounded to bf16 before they are multiplied with V.
 * @returns o [b, hk·g, m, e] in bf16, lse [b, hk·g, m] in f32.
 */
export function forward(call: Call, fault: Fault = correct): Outputs {
  const { b, hk, g, m, n, d, e } = call.case.dims;
  const [q, k, v] = [call.tensors.q, call.tensors.k, call.tensors.v].map(floats);
  const scale = Math.fround(scaleOf(call) * (fault.scale ?? 1));
  const o = new Float32Array(b * hk * g * m * e);
  const lse = new Float32Array(b * hk * g * m);
  for (let row = 0; row < lse.length; row++) {
    const keyHead = Math.floor(row / (m * g));
    const seen = seenKeys(call, row % m);
    const reads = Math.max(0, fault.reads?.(seen, n) ?? seen);
    lse[row] = attend(
      q.subarray(row * d, (row + 1) * d),
      k.subarray(keyHead * n * d, (keyHead * n + reads) * d),
      v.subarray(keyHead * n * e, (keyHead * n + reads) * e),
      scale,
      fault,
      o.subarray(row * e, (row + 1) * e),
    );
  }
  return { o: write('bf16', [b, hk * g, m, e], o), lse: write('f32', [b, hk * g, m], lse) };
}

/** Online softmax over the keys of a row. @param q [d]. @param k [keys, d]. @param v [keys, e]. @param o [e], filled. @returns the LSE. */
function attend(q: Float32Array, k: Float32Array, v: Float32Array, scale: number, fault: Fault, o: Float32Array): number {
  const [d, e] = [q.length, o.length];
  const keys = k.length / d;
  const scores = new Float32Array(TILE);
  const unscaled = TILE * (fault.unscaledTile ?? -1);
  let top = -Infinity;
  let sum = 0;
  for (let start = 0; start < keys; start += TILE) {
    const end = Math.min(start + TILE, keys);
    let high = top;
    for (let j = start; j < end; j++) {
      let dot = 0;
      for (let x = 0; x < d; x++) dot += q[x] * k[j * d + x];
      scores[j - start] = dot * scale;
      high = Math.max(high, scores[j - start]);
    }
    if (high > top && start !== unscaled) {
      const factor = Math.fround(Math.exp(Math.fround(top - high)));
      sum = Math.fround(sum * factor);
      for (let x = 0; x < e; x++) o[x] *= factor;
    }
    top = high;
    for (let j = start; j < end; j++) {
      const weight = Math.fround(Math.exp(Math.fround(scores[j - start] - top)));
      sum = Math.fround(sum + weight);
      const stored = decode.bf16(encode.bf16(weight));
      for (let x = 0; x < e; x++) o[x] += stored * v[j * e + x];
    }
  }
  if (sum === 0) return -Infinity;
  for (let x = 0; x < e; x++) o[x] /= sum;
  return Math.fround(top + Math.fround(Math.log(sum))) + (fault.lse ?? 0);
}

/** Adapter of the kernel that takes four queries and n keys, as in decoding four tokens at once, with the given head size. */
export function adapterOf(fault: Fault, n: number, headSize: number): Adapter {
  return {
    id: `${fault.title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}-${n}`,
    title: `${fault.title}, ${n} keys`,
    version: '1.0.0',
    capabilities: {
      dtypes: ['bf16'],
      operators: ['softmax'],
      masks: ['full', 'causal'],
      options: ['scale'],
      outputs: ['o', 'lse'],
      limits: { m: [4], n: [n], d: [headSize], e: '=d' },
      numeric: { accumulate: 'f32', tile: TILE },
    },
    open: async () => ({
      environment: { node: process.version },
      forward: async (call) => forward(call, fault),
      [Symbol.asyncDispose]: async () => {},
    }),
  };
}
