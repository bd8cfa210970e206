import type { Call } from '../../../adapters/kernel.js';
import { contiguous, type Tensor, transpose, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Dialect } from '../../../spec/types/documents.js';

export interface AttentionOutputs {
  /** [b, h, m, e] */
  readonly o: Float64Array;
  /** [b, h, m] */
  readonly lse: Float64Array;
}

/** Attention in float64, straight from its definition. */
export function attention({ case: c, tensors }: Call, dialect: Dialect): AttentionOutputs {
  const { b, hk, g, m, n, d, e } = c.dims;
  const heads = hk * g;
  const [q, k, v] = [tensors.q, tensors.k, tensors.v].map((t) => valuesOf(bhld(t, c.layout)));
  const bias = tensors.bias && reader(tensors.bias);
  const [alibi, sink] = [tensors.alibi, tensors.sink].map((t) => t && valuesOf(t));
  const visible = visibility({ case: c, tensors }, dialect);
  const scale = typeof c.options.scale === 'number' ? c.options.scale : 1 / Math.sqrt(d);
  const cap = c.options.softcap as number | undefined;
  const offset = dialect.causal === 'top-left' ? 0 : n - m;
  const o = new Float64Array(b * heads * m * e);
  const lse = new Float64Array(b * heads * m);
  for (let row = 0; row < lse.length; row++) {
    const i = row % m;
    const h = Math.floor(row / m) % heads;
    const x = Math.floor(row / m / heads);
    const key = (x * hk + Math.floor(h / g)) * n;
    const scores = Array.from({ length: n }, (_, j) => {
      if (!visible(x, h, i, j)) return -Infinity;
      let s = 0;
      for (let at = 0; at < d; at++) s += q[row * d + at] * k[(key + j) * d + at];
      s *= scale;
      if (cap !== undefined) s = cap * Math.tanh(s / cap);
      return s + (alibi ? alibi[h] * (j - i - offset) : 0) + (bias ? bias(x, h, i, j) : 0);
    });
    const logits = sink ? [...scores, sink[h]] : scores;
    const top = Math.max(...logits);
    const total = logits.reduce((sum, s) => sum + Math.exp(s - top), 0);
    const empty = top === -Infinity;
    lse[row] = empty ? -Infinity : top + Math.log(total);
    for (let col = 0; col < e; col++) {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += empty ? 0 : (Math.exp(scores[j] - top) / total) * v[(key + j) * e + col];
      o[row * e + col] = empty && dialect.emptyOutput === 'nan' ? NaN : sum;
    }
  }
  return { o, lse };
}

/** The tensor in layout bhld. */
export function bhld(t: Tensor, layout: string): Tensor {
  return layout === 'blhd' ? contiguous(transpose(t, [0, 2, 1, 3])) : t;
}

function reader(t: Tensor): (b: number, h: number, i: number, j: number) => number {
  const values = valuesOf(t);
  const [tb, th, tm, tn] = t.shape;
  return (b, h, i, j) => values[(((b % tb) * th + (h % th)) * tm + (i % tm)) * tn + j];
}

function visibility({ case: c, tensors }: Call, dialect: Dialect): (b: number, h: number, i: number, j: number) => boolean {
  if (tensors.mask) {
    const mask = reader(tensors.mask);
    return (b, h, i, j) => mask(b, h, i, j) === 1;
  }
  const { m, n } = c.dims;
  const offset = dialect.causal === 'top-left' ? 0 : n - m;
  const { name, parameters = {} } = c.mask as { name: string; parameters?: Record<string, unknown> };
  if (name === 'causal') return (_b, _h, i, j) => j <= i + offset;
  if (name === 'sliding-window') {
    const { left, right } = parameters as { left: number; right: number };
    const before = dialect.window === 'exclusive' ? left - 1 : left;
    return (_b, _h, i, j) => (left === -1 || j >= i + offset - before) && (right === -1 || j <= i + offset + right);
  }
  if (name === 'padding') {
    const lengths = parameters.lengths as number[];
    return (b, _h, _i, j) => (parameters.side === 'left' ? j >= n - lengths[b] : j < lengths[b]);
  }
  return () => true;
}
