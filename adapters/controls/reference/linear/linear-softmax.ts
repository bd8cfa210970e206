import type { Call } from '../../../kernel.js';
import type { Numbers } from '../arithmetic/arithmetic.js';
import { arithmeticOf, type Method } from '../method.js';
import type { OperatorKernel } from '../operator-kernel.js';
import { readSoftmaxProblem } from '../problem/read-softmax-problem.js';
import type { SoftmaxGradients, SoftmaxProblem } from '../problem/softmax-problem.js';
import { softmaxOperator } from '../softmax/softmax-operator.js';
import type { LinearProblem } from './kernel-state.js';
import { linearDecay, linearDecayBackward } from './linear-decay.js';
import { readLinearProblem } from './linear-operator.js';

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
