import { type Arithmetic, allRows, type Numbers } from '../arithmetic/arithmetic.js';
import type { LoadedProblem } from '../problem/problem.js';
import { type Backward, type Forward, zeroGradients } from './operator-loops.js';

/** O = softmax_d(Q)·(softmax_n(K)ᵀV), section 3.2 of https://arxiv.org/abs/1812.01243. */
export const efficient: Forward = (p) => {
  const o = new Float64Array(p.b * p.heads * p.m * p.e);
  const [queries, keys] = [queryWeights(p), keyWeights(p)];
  const rows = allRows(p.d);
  for (let group = 0; group < p.b * p.hk; group++) {
    const context = contextOf(p, keys, group, rows);
    for (let r = group * p.g * p.m; r < (group + 1) * p.g * p.m; r++) {
      p.arithmetic.combine(queries.subarray(r * p.d, (r + 1) * p.d), rows, p.d, context, 0, p.e, o, r * p.e);
    }
  }
  return o;
};

/** G [d, e]: d softmax(q) = G·do, dG = Σ softmax(q)doᵀ, d softmax(k) = dG·v, dv = dGᵀsoftmax(k) */
export const efficientBackward: Backward = (p, dO) => {
  const a = p.arithmetic;
  const { dq, dk, dv } = zeroGradients(p);
  const [queries, keys] = [queryWeights(p), keyWeights(p)];
  const rows = allRows(p.d);
  for (let group = 0; group < p.b * p.hk; group++) {
    const context = contextOf(p, keys, group, rows);
    const dContext = new Float64Array(p.d * p.e);
    for (let r = group * p.g * p.m; r < (group + 1) * p.g * p.m; r++) {
      a.dots(dO, r * p.e, context, 0, rows, p.d, p.e, dq.subarray(r * p.d, (r + 1) * p.d));
      stridedSoftmaxGradient(a, queries, r * p.d, p.d, 1, dq);
      a.spread(queries.subarray(r * p.d, (r + 1) * p.d), rows, p.d, dO, r * p.e, p.e, dContext, 0);
    }
    for (let r = group * p.n; r < (group + 1) * p.n; r++) {
      a.dots(p.v, r * p.e, dContext, 0, rows, p.d, p.e, dk.subarray(r * p.d, (r + 1) * p.d));
      a.combine(keys.subarray(r * p.d, (r + 1) * p.d), rows, p.d, dContext, 0, p.e, dv, r * p.e);
    }
    for (let c = 0; c < p.d; c++) stridedSoftmaxGradient(a, keys, group * p.n * p.d + c, p.n, p.d, dk);
  }
  return { dq, dk, dv };
};

function queryWeights(p: LoadedProblem): Numbers {
  const out = new Float64Array(p.q.length);
  for (let r = 0; r < p.b * p.heads * p.m; r++) stridedSoftmax(p.arithmetic, p.q, r * p.d, p.d, 1, out);
  return out;
}

function keyWeights(p: LoadedProblem): Numbers {
  const out = new Float64Array(p.k.length);
  for (let group = 0; group < p.b * p.hk; group++) {
    for (let c = 0; c < p.d; c++) stridedSoftmax(p.arithmetic, p.k, group * p.n * p.d + c, p.n, p.d, out);
  }
  return out;
}

/** G = Σ_j softmax(k)_j·v_jᵀ of one batch entry's key head. */
function contextOf(p: LoadedProblem, keys: Numbers, group: number, rows: Int32Array): Numbers {
  const context = new Float64Array(p.d * p.e);
  for (let r = group * p.n; r < (group + 1) * p.n; r++) {
    p.arithmetic.spread(keys.subarray(r * p.d, (r + 1) * p.d), rows, p.d, p.v, r * p.e, p.e, context, 0);
  }
  return context;
}

/** Computes the softmax of x[at], x[at + step], …, count numbers, at the same indices of out. */
function stridedSoftmax(a: Arithmetic, x: Numbers, at: number, count: number, step: number, out: Numbers): void {
  const end = at + count * step;
  let max = -Infinity;
  for (let t = at; t < end; t += step) max = Math.max(max, x[t]);
  let sum = 0;
  for (let t = at; t < end; t += step) {
    out[t] = a.round(Math.exp(a.round(x[t] - max)));
    sum = a.round(sum + out[t]);
  }
  for (let t = at; t < end; t += step) out[t] = a.round(out[t] / sum);
}

/** Converts a gradient of a softmax p to its logits, in place: p·(dp − Σ p·dp). */
function stridedSoftmaxGradient(a: Arithmetic, p: Numbers, at: number, count: number, step: number, gradient: Numbers): void {
  const end = at + count * step;
  let inner = 0;
  for (let t = at; t < end; t += step) inner = a.round(inner + a.round(p[t] * gradient[t]));
  for (let t = at; t < end; t += step) gradient[t] = a.round(p[t] * a.round(gradient[t] - inner));
}
