import type { Call, Kernel, Outputs } from '../../../adapters/kernel.js';
import { contiguous, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Capabilities } from '../../../spec/types/documents.js';
import { referenceWith } from '../properties/on-kernel.js';

/** Softmax attention, as it is written first, of a kernel that reads its mask of booleans in its own way. */
export const reading = (score: (s: number, isSeen: boolean) => number, weight: (isSeen: boolean) => number = () => 1): Kernel => ({
  ...referenceWith(),
  async forward({ case: c, tensors }: Call): Promise<Outputs> {
    const { b, hk, g, m, n, d, e } = c.dims;
    const [q, k, v] = [tensors.q, tensors.k, tensors.v].map((t) => valuesOf(contiguous(t)));
    const mask = tensors.mask ? valuesOf(contiguous(tensors.mask)) : undefined;
    const o = new Float64Array(b * hk * g * m * e);
    for (let row = 0; row < b * hk * g * m; row++) {
      const head = Math.floor(row / (m * g));
      const seen = Array.from({ length: n }, (_, j) => mask === undefined || mask[row * n + j] !== 0);
      const scores = seen.map((isSeen, j) => {
        let dot = 0;
        for (let x = 0; x < d; x++) dot += q[row * d + x] * k[(head * n + j) * d + x];
        return Math.fround(score(Math.fround(dot / Math.sqrt(d)), isSeen));
      });
      const max = Math.max(...scores);
      const weights = scores.map((s) => (max === -Infinity ? 0 : Math.exp(s - max)));
      const sum = weights.reduce((all, w) => all + w, 0) || 1;
      for (let j = 0; j < n; j++)
        for (let x = 0; x < e; x++) o[row * e + x] += ((weights[j] * weight(seen[j])) / sum) * v[(head * n + j) * e + x];
    }
    return { o: tensorOf(c.dtype, [b, hk * g, m, e], o) };
  },
});

/** The kernel that leaves hidden keys no score. */
export const naive = reading((s, isSeen) => (isSeen ? s : -Infinity));

/** Claims of these kernels. */
export const naiveClaims: Partial<Capabilities> = {
  masks: ['full'],
  denseMask: 'boolean',
  denseMaskShapes: ['b h m n'],
  options: [],
  outputs: ['o'],
  layouts: ['bhld'],
  gradients: false,
  strided: false,
};
