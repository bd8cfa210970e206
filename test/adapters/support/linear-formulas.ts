import type { Call } from '../../../adapters/kernel.js';
import { valuesOf } from '../../../spec/tensor/tensor.js';

type Weights = (q: Float64Array, k: readonly Float64Array[], i: number) => number[];

/** The three operators without a mask in float64, as explicit weights of each query over the keys: o [b, h, m, e]. */
export function linearFormula({ case: c, tensors }: Call): Float64Array {
  const { b, hk, g, m, n, d, e } = c.dims;
  const [q, k, v] = [tensors.q, tensors.k, tensors.v].map(valuesOf);
  const weights = weightsOf(c.operator, (c.options.eps as number | undefined) ?? 1e-6);
  const o = new Float64Array(b * hk * g * m * e);
  for (let row = 0; row < b * hk * g * m; row++) {
    const key = Math.floor(row / m / g) * n;
    const keys = Array.from({ length: n }, (_, j) => k.subarray((key + j) * d, (key + j + 1) * d));
    const w = weights(q.subarray(row * d, (row + 1) * d), keys, row % m);
    for (let col = 0; col < e; col++) o[row * e + col] = w.reduce((sum, x, j) => sum + x * v[(key + j) * e + col], 0);
  }
  return o;
}

function weightsOf(operator: string, eps: number): Weights {
  if (operator === 'efficient') return efficientWeights;
  return (q, k, i) => {
    const visible = operator === 'linear-causal' ? i + 1 : k.length;
    const w = k.map((key, j) => (j < visible ? key.reduce((sum, x, at) => sum + elu1(x) * elu1(q[at]), 0) : 0));
    const total = w.reduce((x, y) => x + y, eps);
    return w.map((x) => x / total);
  };
}

/** The weights of the positions for a channel, times the weight of the channel, summed over the channels. */
function efficientWeights(q: Float64Array, k: readonly Float64Array[]): number[] {
  const channels = normalised(q);
  const byChannel = Array.from(q, (_, at) => normalised(Float64Array.from(k, (key) => key[at])));
  return k.map((_, j) => byChannel.reduce((sum, positions, at) => sum + channels[at] * positions[j], 0));
}

function normalised(x: Float64Array): Float64Array {
  const exponentials = x.map(Math.exp);
  const total = exponentials.reduce((a, b) => a + b, 0);
  return exponentials.map((y) => y / total);
}

function elu1(x: number): number {
  return x > 0 ? x + 1 : Math.exp(x);
}
