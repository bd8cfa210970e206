import type { Numbers } from '../arithmetic/arithmetic.js';
import type { LoadedProblem } from '../problem/problem.js';

/** o [b, heads, m, e] in the accumulator. */
export type Forward<P extends LoadedProblem = LoadedProblem> = (p: P) => Numbers;

export interface InputGradients {
  readonly dq: Numbers;
  readonly dk: Numbers;
  readonly dv: Numbers;
}

/** From do [b, heads, m, e]; shaped as q, k, v, in the accumulator. */
export type Backward<P extends LoadedProblem = LoadedProblem> = (p: P, dO: Numbers) => InputGradients;

export function zeroGradients(p: LoadedProblem): InputGradients {
  return { dq: new Float64Array(p.q.length), dk: new Float64Array(p.k.length), dv: new Float64Array(p.v.length) };
}
