import type { Call } from '../../../../adapters/kernel.js';
import { type Tensor, valuesOf } from '../../../../spec/tensor/tensor.js';

/** Softmax attention written down as the definition has it, in float64: o [b, heads, m, e] and lse [b, heads, m]. */
export function attention({ case: c, tensors }: Call): { o: number[]; lse: number[] } {
  const { b, hk, g, m, n, d, e } = c.dims;
  const read = Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, reader(t)]));
  const scale = typeof c.options.scale === 'number' ? c.options.scale : 1 / Math.sqrt(d);
  const cap = c.options.softcap as number | undefined;
  const window = 'name' in c.mask ? c.mask : { name: 'full', parameters: undefined };
  const offset = n - m;
  const [o, lse]: number[][] = [[], []];
  for (let bb = 0; bb < b; bb++) {
    for (let h = 0; h < hk * g; h++) {
      const kh = Math.floor(h / g);
      for (let i = 0; i < m; i++) {
        const logits: number[] = [];
        for (let j = 0; j < n; j++) {
          let s = 0;
          for (let x = 0; x < d; x++) s += read.q(bb, h, i, x) * read.k(bb, kh, j, x);
          s *= scale;
          if (cap !== undefined) s = cap * Math.tanh(s / cap);
          if (read.alibi) s += read.alibi(h) * (j - i - offset);
          if (read.bias) s += read.bias(bb, h, i, j);
          const { left = -1, right = window.name === 'causal' ? 0 : -1 } = (window.parameters ?? {}) as Record<string, number>;
          const seen = read.mask
            ? read.mask(bb, h, i, j) !== 0
            : (left < 0 || j >= i + offset - left) && (right < 0 || j <= i + offset + right);
          logits.push(seen ? s : -Infinity);
        }
        const all = read.sink ? [...logits, read.sink(h)] : logits;
        const max = Math.max(...all);
        const sum = all.reduce((total, s) => total + (s === -Infinity ? 0 : Math.exp(s - max)), 0);
        lse.push(sum === 0 ? -Infinity : max + Math.log(sum));
        for (let x = 0; x < e; x++) {
          o.push(logits.reduce((total, s, j) => total + (s === -Infinity ? 0 : (Math.exp(s - max) / sum) * read.v(bb, kh, j, x)), 0));
        }
      }
    }
  }
  return { o, lse };
}

/** Elements by index; an axis of size 1 has the same element everywhere. */
export function reader(t: Tensor): (...index: number[]) => number {
  const values = valuesOf(t);
  return (...index) => values[index.reduce((at, x, axis) => at * t.shape[axis] + (t.shape[axis] === 1 ? 0 : x), 0)];
}

/** Kernel attention with explicit weights φ(q)·φ(k), φ = elu + 1; causal: token i sees 0 … i. */
export function kernelAttention({ case: c, tensors }: Call, causal: boolean): number[] {
  const { b, hk, g, m, n, d, e } = c.dims;
  const [q, k, v] = [reader(tensors.q), reader(tensors.k), reader(tensors.v)];
  const phi = (x: number) => (x > 0 ? x + 1 : Math.exp(x));
  const eps = (c.options.eps as number | undefined) ?? 1e-6;
  const o: number[] = [];
  for (let bb = 0; bb < b; bb++) {
    for (let h = 0; h < hk * g; h++) {
      const kh = Math.floor(h / g);
      for (let i = 0; i < m; i++) {
        const weights = Array.from({ length: causal ? i + 1 : n }, (_, j) => {
          let w = 0;
          for (let x = 0; x < d; x++) w += phi(q(bb, h, i, x)) * phi(k(bb, kh, j, x));
          return w;
        });
        const total = weights.reduce((sum, w) => sum + w, 0) + eps;
        for (let x = 0; x < e; x++) o.push(weights.reduce((sum, w, j) => sum + w * v(bb, kh, j, x), 0) / total);
      }
    }
  }
  return o;
}

/** Weights exp(−decay·(i − j))·(q·k) over the keys up to each query. */
export function decayedAttention({ case: c, tensors }: Call): number[] {
  const { b, hk, g, n, d, e } = c.dims;
  const [q, k, v] = [reader(tensors.q), reader(tensors.k), reader(tensors.v)];
  const decay = tensors.decay ? reader(tensors.decay) : () => 0;
  const o: number[] = [];
  for (let bb = 0; bb < b; bb++) {
    for (let h = 0; h < hk * g; h++) {
      const kh = Math.floor(h / g);
      for (let i = 0; i < n; i++) {
        const weights = Array.from({ length: i + 1 }, (_, j) => {
          let w = 0;
          for (let x = 0; x < d; x++) w += q(bb, h, i, x) * k(bb, kh, j, x);
          return w * Math.exp(-decay(kh) * (i - j));
        });
        for (let x = 0; x < e; x++) o.push(weights.reduce((sum, w, j) => sum + w * v(bb, kh, j, x), 0));
      }
    }
  }
  return o;
}

/** softmax over d of q, times softmax over n of k, as explicit weights. */
export function efficientAttention({ case: c, tensors }: Call): number[] {
  const { b, hk, g, m, n, d, e } = c.dims;
  const [q, k, v] = [reader(tensors.q), reader(tensors.k), reader(tensors.v)];
  const o: number[] = [];
  for (let bb = 0; bb < b; bb++) {
    for (let h = 0; h < hk * g; h++) {
      const kh = Math.floor(h / g);
      for (let i = 0; i < m; i++) {
        const row = Array.from({ length: e }, () => 0);
        let normaliser = 0;
        for (let x = 0; x < d; x++) normaliser += Math.exp(q(bb, h, i, x));
        for (let x = 0; x < d; x++) {
          let channel = 0;
          for (let j = 0; j < n; j++) channel += Math.exp(k(bb, kh, j, x));
          for (let j = 0; j < n; j++) {
            const weight = (Math.exp(q(bb, h, i, x)) / normaliser) * (Math.exp(k(bb, kh, j, x)) / channel);
            for (let y = 0; y < e; y++) row[y] += weight * v(bb, kh, j, y);
          }
        }
        o.push(...row);
      }
    }
  }
  return o;
}
