import { type PlainOperator, rows } from './operator.js';
import { dot, f, mix, softmax, sum, upTo } from './problem.js';

/** Wrong: the matrix before the softmax is read transposed. */
export const talkingHeads: PlainOperator = {
  forward({ dims, tensors: { q, k, v, before, after }, option, keys }, wrong) {
    const { hk, m, n, d, e, a, c } = dims;
    const scale = option('scale', 1 / Math.sqrt(d));
    const beforeOf = (from: number, to: number) => before[wrong ? (to * a + from) % before.length : from * hk + to];
    /** Weights of softmax head h, by key. */
    const weightsOf = (b: number, h: number, i: number) => {
      const seen = keys(b, h, i);
      const scores = seen.map((j) =>
        sum(upTo(a).map((x) => f(f(scale * dot(q, ((b * a + x) * m + i) * d, k, ((b * a + x) * n + j) * d, d)) * beforeOf(x, h)))),
      );
      const weights = softmax(scores);
      return new Map(seen.map((j, t) => [j, weights[t]]));
    };
    const row = (b: number, y: number, i: number) => {
      const heads = upTo(hk).map((h) => weightsOf(b, h, i));
      const seen = upTo(n).filter((j) => heads.some((weights) => weights.has(j)));
      const mixed = seen.map((j) => sum(heads.map((weights, h) => f((weights.get(j) ?? 0) * after[h * c + y]))));
      const places = seen.map((j) => ((b * c + y) * n + j) * e);
      return mix(mixed, v, places, e);
    };
    const { values } = rows(dims, row, c);
    // the heads of queries and of keys are all mixed: no head of keys has several of queries
    return { o: { shape: [dims.b, c, 1, m, e], values } };
  },
};
