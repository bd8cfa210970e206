import { type PlainOperator, rows } from './operator.js';
import { dot, f, mix, sum } from './problem.js';

/** Wrong: the square counts whole, not half. */
export const fastmax2: PlainOperator = {
  forward({ dims, tensors: { q, k, v }, option, keys }, wrong) {
    const { hk, g, m, n, d, e } = dims;
    const denum = option('denum', 1);
    const half = wrong ? 1 : 0.5;
    const o = rows(dims, (b, h, i) => {
      const group = (b * hk + Math.floor(h / g)) * n;
      const seen = keys(b, h, i);
      const weights = seen.map((j) => {
        const x = f(dot(q, ((b * hk * g + h) * m + i) * d, k, (group + j) * d, d) / denum);
        return f(f(1 + x) + f(half * f(x * x)));
      });
      const total = sum(weights);
      const places = seen.map((j) => (group + j) * e);
      return mix(weights, v, places, e).map((x) => f(x / total));
    });
    return { o };
  },
};
