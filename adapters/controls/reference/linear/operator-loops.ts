import type { Numbers } from '../arithmetic/arithmetic.js';
import type { LoadedProblem } from '../problem/problem.js';

/** Returns o [b, heads, m, e] in the accumulator. */
export type Forward<P extends LoadedProblem = LoadedProblem> = (p: P) => Numbers;

export interface InputGradients {
  readonly dq: Numbers;
  readonly dk: Numbers;
  readonly dv: Numbers;
}

/** Returns gradients from do [b, heads, m, e], in the accumulator. */
export type Backward<P extends LoadedProblem = LoadedProblem> = (p: P, dO: Numbers) => InputGradients;

export function zeroGradients(p: LoadedProblem): InputGradients {
  return { dq: new Float64Array(p.q.length), dk: new Float64Array(p.k.length), dv: new Float64Array(p.v.length) };
}
