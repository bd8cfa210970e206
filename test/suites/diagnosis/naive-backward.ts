import type { Call, Kernel, Outputs } from '../../../adapters/kernel.js';
import { contiguous, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Capabilities } from '../../../spec/types/documents.js';
import { referenceWith } from '../properties/on-kernel.js';

/** Steps of a backward pass that may be taken wrongly. */
export interface BackwardSteps {
  /** Δ of a row, from its weights, dP and cotangent · output. */
  readonly delta: (weights: readonly number[], dP: readonly number[]) => number;
  /** Weight by which dV sums the cotangents, of one and the sum of the row's exponentials. */
  readonly valueWeight: (weight: number, sum: number) => number;
  /** Derivative of the softcap, of tanh. */
  readonly slope: (tanh: number) => number;
  readonly scaleOfQ: (scale: number) => number;
  readonly scaleOfK: (scale: number) => number;
  /** Key head to which a query head's dK and dV are added, and by how much. */
  readonly keyHead: (h: number, g: number, hk: number) => number;
  readonly share: (h: number, g: number) => number;
}

const right: BackwardSteps = {
  delta: (weights, dP) => weights.reduce((sum, p, j) => sum + p * dP[j], 0),
  valueWeight: (weight) => weight,
  slope: (t) => 1 - t * t,
  scaleOfQ: (scale) => scale,
  scaleOfK: (scale) => scale,
  keyHead: (h, g) => Math.floor(h / g),
  share: () => 1,
};

/** A backward pass as it is written first, with full and causal masks, a softcap, and a bias that is added before it. */
export const backwardWith = (steps: Partial<BackwardSteps>): Kernel => ({
  ...referenceWith(),
  async backward({ case: c, tensors }: Call): Promise<Outputs> {
    const { b, hk, g, m, n, d, e } = c.dims;
    const { delta, valueWeight, slope, scaleOfQ, scaleOfK, keyHead, share } = { ...right, ...steps };
    const [q, k, v, cotangent] = [tensors.q, tensors.k, tensors.v, tensors.do].map((t) => valuesOf(contiguous(t)));
    const bias = tensors.bias && valuesOf(contiguous(tensors.bias));
    const dbias = new Float64Array(bias?.length ?? 0);
    const biasAt = (...at: readonly number[]) =>
      at.reduce((place, x, axis) => place * tensors.bias.shape[axis] + (tensors.bias.shape[axis] === 1 ? 0 : x), 0);
    const [dq, dk, dv] = [q, k, v].map((x) => new Float64Array(x.length));
    const { softcap } = c.options as { softcap?: number };
    const scale = 1 / Math.sqrt(d);
    const isCausal = 'name' in c.mask && c.mask.name === 'causal';
    for (let row = 0; row < b * hk * g * m; row++) {
      const [i, h, x] = [row % m, Math.floor(row / m) % (hk * g), Math.floor(row / (m * hk * g))];
      const from = (j: number) => (x * hk + Math.floor(h / g)) * n + j;
      const to = (j: number) => (x * hk + keyHead(h, g, hk)) * n + j;
      const keys = Array.from({ length: n }, (_, j) => j);
      const dot = (a: ArrayLike<number>, at: number, y: ArrayLike<number>, place: number, size: number) =>
        Array.from({ length: size }, (_, z) => a[at * size + z] * y[place * size + z]).reduce((s, z) => s + z, 0);
      const raw = keys.map((j) => scale * dot(q, row, k, from(j), d) + (bias ? bias[biasAt(x, h, i, j)] : 0));
      const tanh = raw.map((s) => (softcap === undefined ? 0 : Math.tanh(s / softcap)));
      const isSeen = (j: number) => !isCausal || j <= i + n - m;
      const scores = raw.map((s, j) => (isSeen(j) ? (softcap === undefined ? s : softcap * tanh[j]) : -Infinity));
      const max = Math.max(...scores);
      if (max === -Infinity) continue;
      const exponentials = scores.map((s) => Math.exp(s - max));
      const sum = exponentials.reduce((all, w) => all + w, 0);
      const weights = exponentials.map((w) => w / sum);
      const dP = keys.map((j) => dot(cotangent, row, v, from(j), e));
      const rowDelta = delta(weights, dP);
      for (const j of keys) {
        const dS = weights[j] * (dP[j] - rowDelta) * (softcap === undefined ? 1 : slope(tanh[j]));
        if (bias) dbias[biasAt(x, h, i, j)] += dS;
        for (let z = 0; z < e; z++) dv[to(j) * e + z] += share(h, g) * valueWeight(weights[j], sum) * cotangent[row * e + z];
        for (let z = 0; z < d; z++) dq[row * d + z] += scaleOfQ(scale) * dS * k[from(j) * d + z];
        for (let z = 0; z < d; z++) dk[to(j) * d + z] += share(h, g) * scaleOfK(scale) * dS * q[row * d + z];
      }
    }
    return {
      dq: tensorOf('f32', tensors.q.shape, dq),
      dk: tensorOf('f32', tensors.k.shape, dk),
      dv: tensorOf('f32', tensors.v.shape, dv),
      ...(bias && { dbias: tensorOf('f32', tensors.bias.shape, dbias) }),
    };
  },
});

/** Claims of these kernels. */
export const backwardClaims: Partial<Capabilities> = {
  masks: ['full', 'causal'],
  denseMask: false,
  options: ['softcap'],
  outputs: ['o'],
  layouts: ['bhld'],
  gradients: ['q', 'k', 'v'],
  strided: false,
};
