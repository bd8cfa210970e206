import type { Numbers } from '../arithmetic/arithmetic.js';
import { featureMapGradient } from './feature-map.js';
import { addToState, type KernelState, keyFeatures, type LinearProblem, queryFeatures, readState, stateGradient } from './kernel-state.js';
import type { InputGradients } from './operator-loops.js';

export interface LinearScratch {
  readonly phi: Numbers;
  readonly o: Numbers;
  readonly dS: Numbers;
}

export function createScratch(p: LinearProblem): LinearScratch {
  return { phi: new Float64Array(p.d), o: new Float64Array(p.e), dS: new Float64Array(p.d) };
}

/**
 * Gradient of query row r: with N = φᵀS, D = φ·z + eps and o = N / D, dN = do / D (written at
 * `at`), dD = −dN·o (returned), and dφ = S·dN + dD·z, converted to dq.
 */
export function queryGradient(
  p: LinearProblem,
  state: KernelState,
  r: number,
  dO: Numbers,
  dq: Numbers,
  dN: Numbers,
  at: number,
  scratch: LinearScratch,
): number {
  const a = p.arithmetic;
  const { phi, o } = scratch;
  queryFeatures(p, r, phi);
  o.fill(0);
  const denominator = readState(p, state, phi, o, 0);
  for (let c = 0; c < p.e; c++) dN[at + c] = a.round(dO[r * p.e + c] / denominator);
  const dD = -a.dot(dN, at, o, 0, p.e);
  stateGradient(a, state, dN, at, p.e, dD, scratch.dS, dq, r * p.d);
  featureMapGradient(a, p.q, r * p.d, p.d, dq);
  return dD;
}

/** Adds query row r to the state's gradient: dS += φ·dNᵀ, dz += dD·φ. */
export function addQueryToStateGradient(
  p: LinearProblem,
  dState: KernelState,
  r: number,
  dN: Numbers,
  at: number,
  dD: number,
  scratch: LinearScratch,
): void {
  queryFeatures(p, r, scratch.phi);
  addToState(p, dState, scratch.phi, dN, at, dD);
}

/** Gradients of key row r: dφ = dS·v + dz, converted to dk; dv = dSᵀφ. */
export function keyGradient(p: LinearProblem, dState: KernelState, r: number, { dk, dv }: InputGradients, scratch: LinearScratch): void {
  const a = p.arithmetic;
  keyFeatures(p, r, scratch.phi);
  a.combine(scratch.phi, dState.rows, p.d, dState.s, 0, p.e, dv, r * p.e);
  stateGradient(a, dState, p.v, r * p.e, p.e, 1, scratch.dS, dk, r * p.d);
  featureMapGradient(a, p.k, r * p.d, p.d, dk);
}
