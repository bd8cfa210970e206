import { addToState, createState, type KernelState, keyFeatures, type LinearProblem, queryFeatures, readState } from './kernel-state.js';
import { addQueryToStateGradient, createScratch, keyGradient, queryGradient } from './linear-gradient.js';
import { type Backward, type Forward, zeroGradients } from './operator-loops.js';

/** O = φ(Q)(φ(K)ᵀV) / (φ(Q)·Σφ(K) + eps), φ = elu + 1 (https://arxiv.org/abs/2006.16236, eq. 5). */
export const linear: Forward<LinearProblem> = (p) => {
  const o = new Float64Array(p.b * p.heads * p.m * p.e);
  const phi = new Float64Array(p.d);
  for (let group = 0; group < p.b * p.hk; group++) {
    const state = wholeState(p, group);
    for (let r = group * p.g * p.m; r < (group + 1) * p.g * p.m; r++) {
      queryFeatures(p, r, phi);
      readState(p, state, phi, o, r * p.e);
    }
  }
  return o;
};

export const linearBackward: Backward<LinearProblem> = (p, dO) => {
  const gradients = zeroGradients(p);
  const scratch = createScratch(p);
  const dN = new Float64Array(p.e);
  for (let group = 0; group < p.b * p.hk; group++) {
    const state = wholeState(p, group);
    const dState = createState(p);
    for (let r = group * p.g * p.m; r < (group + 1) * p.g * p.m; r++) {
      const dD = queryGradient(p, state, r, dO, gradients.dq, dN, 0, scratch);
      addQueryToStateGradient(p, dState, r, dN, 0, dD, scratch);
    }
    for (let r = group * p.n; r < (group + 1) * p.n; r++) keyGradient(p, dState, r, gradients, scratch);
  }
  return gradients;
};

function wholeState(p: LinearProblem, group: number): KernelState {
  const state = createState(p);
  const phi = new Float64Array(p.d);
  for (let r = group * p.n; r < (group + 1) * p.n; r++) {
    keyFeatures(p, r, phi);
    addToState(p, state, phi, p.v, r * p.e, 1);
  }
  return state;
}
