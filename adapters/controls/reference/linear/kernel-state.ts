import { type Arithmetic, allRows, type Numbers } from '../arithmetic/arithmetic.js';
import type { LoadedProblem } from '../problem/problem.js';
import { featureMap } from './feature-map.js';

/** Problem with `eps` in the denominator; `decay` [hk] is the rate s, exp(−s) per token. */
export interface LinearProblem extends LoadedProblem {
  readonly eps: number;
  readonly decay?: Numbers;
}

/** State over the keys so far, S = Σ φ(k)vᵀ [d, e] and z = Σ φ(k) [d], or its gradients. */
export interface KernelState {
  readonly s: Numbers;
  readonly z: Numbers;
  readonly rows: Int32Array;
}

export function createState(p: LoadedProblem): KernelState {
  return { s: new Float64Array(p.d * p.e), z: new Float64Array(p.d), rows: allRows(p.d) };
}

/** S += φ·xᵀ, z += factor·φ, with x the e numbers from `at`. */
export function addToState(p: LoadedProblem, state: KernelState, phi: Numbers, x: Numbers, at: number, factor: number): void {
  const { round } = p.arithmetic;
  p.arithmetic.spread(phi, state.rows, p.d, x, at, p.e, state.s, 0);
  for (let c = 0; c < p.d; c++) state.z[c] = round(state.z[c] + round(factor * phi[c]));
}

/** Writes φᵀS / (φ·z + eps) to o at `at`, and returns the denominator. */
export function readState(p: LinearProblem, state: KernelState, phi: Numbers, o: Numbers, at: number): number {
  const a = p.arithmetic;
  a.combine(phi, state.rows, p.d, state.s, 0, p.e, o, at);
  const denominator = a.round(a.dot(phi, 0, state.z, 0, p.d) + p.eps);
  for (let c = at; c < at + p.e; c++) o[c] = a.round(o[c] / denominator);
  return denominator;
}

/** Gradient of φ through both products: out[at + c] = S[c]·x + factor·z[c]. */
export function stateGradient(
  a: Arithmetic,
  state: KernelState,
  x: Numbers,
  xAt: number,
  e: number,
  factor: number,
  scratch: Numbers,
  out: Numbers,
  at: number,
): void {
  const d = state.z.length;
  a.dots(x, xAt, state.s, 0, state.rows, d, e, scratch);
  for (let c = 0; c < d; c++) out[at + c] = a.round(scratch[c] + a.round(factor * state.z[c]));
}

/** Writes φ of query row r to `out`. */
export function queryFeatures(p: LoadedProblem, r: number, out: Numbers): void {
  featureMap(p.arithmetic, p.q, r * p.d, p.d, out);
}

export function keyFeatures(p: LoadedProblem, r: number, out: Numbers): void {
  featureMap(p.arithmetic, p.k, r * p.d, p.d, out);
}
