import type { LoadedProblem } from '../problem/problem.js';
import { addToState, createState, keyFeatures, type LinearProblem, queryFeatures, readState } from './kernel-state.js';
import { addQueryToStateGradient, createScratch, keyGradient, queryGradient } from './linear-gradient.js';
import { type Backward, type Forward, zeroGradients } from './operator-loops.js';

/** Token i reads the state of tokens 0 … i (https://arxiv.org/abs/2006.16236, eq. 8–12); m = n. */
export const linearCausal: Forward<LinearProblem> = (p) => {
  const o = new Float64Array(p.b * p.heads * p.n * p.e);
  const phi = new Float64Array(p.d);
  for (let group = 0; group < p.b * p.hk; group++) {
    const state = createState(p);
    for (let i = 0; i < p.n; i++) {
      const key = group * p.n + i;
      keyFeatures(p, key, phi);
      addToState(p, state, phi, p.v, key * p.e, 1);
      for (let member = 0; member < p.g; member++) {
        const r = queryRow(p, group, member, i);
        queryFeatures(p, r, phi);
        readState(p, state, phi, o, r * p.e);
      }
    }
  }
  return o;
};

/** Runs forward over the tokens for dq, then backward for dk and dv. */
export const linearCausalBackward: Backward<LinearProblem> = (p, dO) => {
  const gradients = zeroGradients(p);
  const scratch = createScratch(p);
  const dN = new Float64Array(dO.length);
  const dD = new Float64Array(p.b * p.heads * p.n);
  for (let group = 0; group < p.b * p.hk; group++) {
    const state = createState(p);
    for (let i = 0; i < p.n; i++) {
      const key = group * p.n + i;
      keyFeatures(p, key, scratch.phi);
      addToState(p, state, scratch.phi, p.v, key * p.e, 1);
      for (let member = 0; member < p.g; member++) {
        const r = queryRow(p, group, member, i);
        dD[r] = queryGradient(p, state, r, dO, gradients.dq, dN, r * p.e, scratch);
      }
    }
    const dState = createState(p);
    for (let i = p.n - 1; i >= 0; i--) {
      for (let member = 0; member < p.g; member++) {
        const r = queryRow(p, group, member, i);
        addQueryToStateGradient(p, dState, r, dN, r * p.e, dD[r], scratch);
      }
      keyGradient(p, dState, group * p.n + i, gradients, scratch);
    }
  }
  return gradients;
};

/** Returns the row of [b, heads, n] for token i of a group's query head. */
export function queryRow(p: LoadedProblem, group: number, member: number, i: number): number {
  return (group * p.g + member) * p.n + i;
}
