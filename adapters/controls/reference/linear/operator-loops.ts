import type { Values } from '../arithmetic/arithmetic.js';
import type { Problem } from '../problem/problem.js';

/** o [b, heads, m, e] in the accumulator. */
export type Forward<P extends Problem = Problem> = (p: P) => Values;

export interface InputGradients {
  readonly dq: Values;
  readonly dk: Values;
  readonly dv: Values;
}

/** From do [b, heads, m, e]; shaped as q, k, v, in the accumulator. */
export type Backward<P extends Problem = Problem> = (p: P, dO: Values) => InputGradients;

export function zeroGradients(p: Problem): InputGradients {
  return { dq: new Float64Array(p.q.length), dk: new Float64Array(p.k.length), dv: new Float64Array(p.v.length) };
}
