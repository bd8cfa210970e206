import { type PlainOperator, rows } from './operator.js';
import { dot, f, mix, type Problem, softmax } from './problem.js';

/** Wrong: dv lacks what each token keeps of its own value. */
export const softpag: PlainOperator = {
  forward(problem) {
    const { dims, tensors } = problem;
    const u = problem.option('u', 0.5);
    const o = rows(dims, (b, h, i) => {
      const { seen, weights, group } = attend(problem, b, h, i);
      const places = seen.map((j) => (group + j) * dims.e);
      return mix(weights, tensors.v, places, dims.e).map((x, y) => f(f(f(1 - u) * x) + f(u * tensors.v[(group + i) * dims.e + y])));
    });
    return { o };
  },
  backward(problem, wrong) {
    const { dims, tensors } = problem;
    const { q, k, v } = tensors;
    const { b: batch, hk, g, m, n, d, e } = dims;
    const u = problem.option('u', 0.5);
    const scale = problem.option('scale', 1 / Math.sqrt(d));
    const [dq, dk, dv] = [q, k, v].map(({ length }) => new Float32Array(length));
    rows(dims, (b, h, i) => {
      const { seen, weights, group, query } = attend(problem, b, h, i);
      const cotangent = query * e;
      const dp = seen.map((j) => f(f(1 - u) * dot(tensors.do, cotangent, v, (group + j) * e, e)));
      const mean = weights.reduce((total, w, t) => f(total + f(w * dp[t])), 0);
      seen.forEach((j, t) => {
        const ds = f(scale * f(weights[t] * f(dp[t] - mean)));
        for (let x = 0; x < d; x++) dq[query * d + x] += f(ds * k[(group + j) * d + x]);
        for (let x = 0; x < d; x++) dk[(group + j) * d + x] += f(ds * q[query * d + x]);
        for (let x = 0; x < e; x++) dv[(group + j) * e + x] += f(f(f(1 - u) * weights[t]) * tensors.do[cotangent + x]);
      });
      if (!wrong) for (let x = 0; x < e; x++) dv[(group + i) * e + x] += f(u * tensors.do[cotangent + x]);
      return [];
    });
    return {
      dq: { shape: [batch, hk * g, m, d], values: dq },
      dk: { shape: [batch, hk, n, d], values: dk },
      dv: { shape: [batch, hk, n, e], values: dv },
    };
  },
};

function attend({ dims, tensors: { q, k }, option, keys }: Problem, b: number, h: number, i: number) {
  const { hk, g, m, n, d } = dims;
  const scale = option('scale', 1 / Math.sqrt(d));
  const group = (b * hk + Math.floor(h / g)) * n;
  const query = (b * hk * g + h) * m + i;
  const seen = keys(b, h, i);
  return { seen, group, query, weights: softmax(seen.map((j) => f(scale * dot(q, query * d, k, (group + j) * d, d)))) };
}
