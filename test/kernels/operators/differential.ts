import { type PlainOperator, rows } from './operator.js';
import { dot, f, mix, softmax } from './problem.js';

/** Wrong: the query heads of one key head all have the first one's lambda. */
export const differential: PlainOperator = {
  forward({ dims, tensors: { q, k, q2, k2, v, lambda }, option, keys }, wrong) {
    const { hk, g, m, n, d, e } = dims;
    const scale = option('scale', 1 / Math.sqrt(d));
    const o = rows(dims, (b, h, i) => {
      const group = (b * hk + Math.floor(h / g)) * n;
      const query = ((b * hk * g + h) * m + i) * d;
      const seen = keys(b, h, i);
      const first = softmax(seen.map((j) => f(scale * dot(q, query, k, (group + j) * d, d))));
      const second = softmax(seen.map((j) => f(scale * dot(q2, query, k2, (group + j) * d, d))));
      const share = lambda[wrong ? h - (h % g) : h];
      const weights = first.map((w, t) => f(w - f(share * second[t])));
      const places = seen.map((j) => (group + j) * e);
      return mix(weights, v, places, e);
    });
    return { o };
  },
};
