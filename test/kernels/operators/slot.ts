import { type PlainOperator, rows } from './operator.js';
import { dot, f, mix, softmax, sum, upTo } from './problem.js';

/** Wrong: eps is left out. */
export const slot: PlainOperator = {
  forward({ dims, tensors: { q, k, v }, option }, wrong) {
    const { b: batch, hk, g, m, n, d, e } = dims;
    const scale = option('scale', 1 / Math.sqrt(d));
    const eps = wrong ? 0 : option('eps', 1e-8);
    const groupOf = (b: number, h: number) => (b * hk + Math.floor(h / g)) * n;
    /** Shares of the slots in each key, for each head. */
    const shares = upTo(batch * hk * g).map((head) => {
      const group = groupOf(Math.floor(head / (hk * g)), head % (hk * g));
      return upTo(n).map((j) => softmax(upTo(m).map((i) => f(scale * dot(q, (head * m + i) * d, k, (group + j) * d, d)))));
    });
    const o = rows(dims, (b, h, i) => {
      const weights = shares[b * hk * g + h].map((share) => f(share[i] + eps));
      const total = sum(weights);
      const normed = weights.map((w) => f(w / total));
      const places = upTo(n).map((j) => (groupOf(b, h) + j) * e);
      return mix(normed, v, places, e);
    });
    return { o };
  },
};
