import { type PlainOperator, rows } from './operator.js';
import { dot, f, logSumExp, softmax, sum, upTo } from './problem.js';

/** Wrong: the relations are not scaled. */
export const relational: PlainOperator = {
  forward({ dims, tensors: { q, k, v, rq, rk, wr }, option, keys }, wrong) {
    const { hk, g, m, n, d, e, r, c } = dims;
    const scale = option('scale', 1 / Math.sqrt(d));
    const relationScale = wrong ? 1 : option('relationScale', 1 / Math.sqrt(c));
    const lse: number[] = [];
    const o = rows(dims, (b, h, i) => {
      const group = (b * hk + Math.floor(h / g)) * n;
      const query = (b * hk * g + h) * m + i;
      const seen = keys(b, h, i);
      const scores = seen.map((j) => f(scale * dot(q, query * d, k, (group + j) * d, d)));
      lse.push(logSumExp(scores));
      const weights = softmax(scores);
      const relations = seen.map((j) =>
        upTo(r).map((x) => f(relationScale * dot(rq, (query * r + x) * c, rk, ((group + j) * r + x) * c, c))),
      );
      return upTo(e).map((y) =>
        sum(
          seen.map((j, t) => {
            const carried = sum(relations[t].map((relation, x) => f(relation * wr[(h * r + x) * e + y])));
            return f(weights[t] * f(carried + v[(group + j) * e + y]));
          }),
        ),
      );
    });
    return { o, lse: { shape: [dims.b, hk * g, m], values: lse } };
  },
};
