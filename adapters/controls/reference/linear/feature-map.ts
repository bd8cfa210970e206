import type { Arithmetic, Numbers } from '../arithmetic/arithmetic.js';

/** φ(x) = elu(x) + 1: x + 1 if x > 0, else exp(x), for `depth` numbers from `at`, into `out`. */
export function featureMap(a: Arithmetic, x: Numbers, at: number, depth: number, out: Numbers): void {
  for (let c = 0; c < depth; c++) out[c] = a.round(x[at + c] > 0 ? x[at + c] + 1 : Math.exp(x[at + c]));
}

/** Converts a gradient of φ(x) to x, in place at `at`: the slope is 1 if x > 0, else exp(x). */
export function featureMapGradient(a: Arithmetic, x: Numbers, at: number, depth: number, gradient: Numbers): void {
  for (let c = at; c < at + depth; c++) if (!(x[c] > 0)) gradient[c] = a.round(gradient[c] * a.round(Math.exp(x[c])));
}
