import type { Call } from '../../../kernel.js';
import type { Numbers } from '../arithmetic/arithmetic.js';
import { arithmeticOf, type Method } from '../method.js';
import type { OperatorKernel } from '../operator-kernel.js';
import { readSoftmaxProblem } from '../problem/read-softmax-problem.js';
import type { SoftmaxGradients, SoftmaxProblem } from '../problem/softmax-problem.js';
import { softmaxOperator } from '../softmax/softmax-operator.js';
import { addToState, createState, type KernelState, keyFeatures, type LinearProblem, queryFeatures, readState } from './kernel-state.js';
import { linearDecay, linearDecayBackward } from './linear-decay.js';
import { addQueryToStateGradient, createScratch, keyGradient, queryGradient } from './linear-gradient.js';
import { readLinearProblem } from './linear-operator.js';
import { type Backward, type Forward, zeroGradients } from './operator-loops.js';

const masks = ['causal'];

/** Softmax over stored outputs of linear attention: LASP-2H, https://arxiv.org/abs/2502.07563. */
export function linearSoftmaxOperator(method: Method): OperatorKernel {
  const read = (call: Call): SoftmaxProblem => {
    const p = readSoftmaxProblem(call, arithmeticOf(method, call.case.dtype), method.steps, masks);
    return { ...p, v: stored(p, linearDecay(firstLayer(call, method))) };
  };
  const through = (gradients: SoftmaxGradients, call: Call): SoftmaxGradients => {
    const p = firstLayer(call, method);
    const { round } = p.arithmetic;
    const first = linearDecayBackward(p, stored(p, gradients.dv));
    // the first layer uses a key as query and as key, the second layer as key
    const dk = gradients.dk.map((x, at) => round(x + round(first.dq[at] + first.dk[at])));
    return { ...gradients, dk, dv: first.dv };
  };
  return softmaxOperator(method, read, through);
}

function firstLayer(call: Call, method: Method): LinearProblem {
  const p = readLinearProblem(call, method);
  return { ...p, q: p.k, heads: p.hk, g: 1, m: p.n };
}

function stored(p: Pick<LinearProblem, 'store'>, values: Numbers): Numbers {
  p.store(values, 0, values.length);
  return values;
}

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
