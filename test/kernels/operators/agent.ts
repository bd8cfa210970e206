import { type PlainOperator, rows } from './operator.js';
import { dot, f, mix, softmax, sum, upTo } from './problem.js';

/** Wrong: agentBias is read as if its agents came before its queries. */
export const agent: PlainOperator = {
  forward({ dims, tensors, option }, wrong) {
    const { b: batch, hk, g, m, n, d, e, t } = dims;
    const { q, k, v, agents, keyBias, agentBias } = tensors;
    const scale = option('scale', 1 / Math.sqrt(d));
    // rows that the agents of each head collect
    const collected = upTo(batch * hk * g).map((head) => {
      const group = Math.floor(head / g) * n;
      const places = upTo(n).map((j) => (group + j) * e);
      return upTo(t).map((a) => {
        const scores = upTo(n).map((j) => {
          const s = f(scale * dot(agents, (head * t + a) * d, k, (group + j) * d, d));
          return keyBias ? f(s + keyBias[((head % (hk * g)) * t + a) * n + j]) : s;
        });
        return mix(softmax(scores), v, places, e);
      });
    });
    const o = rows(dims, (b, h, i) => {
      const head = b * hk * g + h;
      const scores = upTo(t).map((a) => {
        const s = f(scale * dot(q, (head * m + i) * d, agents, (head * t + a) * d, d));
        return agentBias ? f(s + agentBias[wrong ? (h * t + a) * m + i : (h * m + i) * t + a]) : s;
      });
      const weights = softmax(scores);
      return upTo(e).map((x) => sum(weights.map((w, a) => f(w * collected[head][a][x]))));
    });
    return { o };
  },
};
