import type { Arithmetic, Values } from '../arithmetic/arithmetic.js';

/** Softmax of count numbers x[at], x[at + step], …, into the same places of out. */
export function stridedSoftmax(a: Arithmetic, x: Values, at: number, count: number, step: number, out: Values): void {
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

/** Takes the gradient of a softmax p back to its logits, in place: p·(dp − Σ p·dp). */
export function stridedSoftmaxGradient(a: Arithmetic, p: Values, at: number, count: number, step: number, gradient: Values): void {
  const end = at + count * step;
  let inner = 0;
  for (let t = at; t < end; t += step) inner = a.round(inner + a.round(p[t] * gradient[t]));
  for (let t = at; t < end; t += step) gradient[t] = a.round(p[t] * a.round(gradient[t] - inner));
}
