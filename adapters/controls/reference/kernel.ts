import { type Call, type Kernel, Unsupported } from '../../kernel.js';
import { efficient, efficientBackward } from './linear/efficient.js';
import { linear, linearBackward, linearSoftmaxOperator } from './linear/linear.js';
import { linearCausal, linearCausalBackward } from './linear/linear-causal.js';
import { linearDecay, linearDecayBackward } from './linear/linear-decay.js';
import { linearOperator } from './linear/linear-operator.js';
import type { Method } from './method.js';
import type { OperatorKernel } from './operator-kernel.js';
import { reusing } from './reuse.js';
import { readApbProblem } from './softmax/apb.js';
import { readDilatedProblem } from './softmax/dilated.js';
import { softmaxOperator } from './softmax/softmax-operator.js';

/** Makes a kernel that computes every reference operator by a method. */
export function createKernel(method: Method): Kernel {
  const operators: Readonly<Record<string, OperatorKernel>> = {
    softmax: softmaxOperator(method),
    linear: linearOperator(method, linear, linearBackward),
    'linear-causal': linearOperator(method, linearCausal, linearCausalBackward),
    'linear-decay': linearOperator(method, linearDecay, linearDecayBackward),
    efficient: linearOperator(method, efficient, efficientBackward),
    apb: softmaxOperator(method, (call) => readApbProblem(call, method)),
    dilated: softmaxOperator(method, (call) => readDilatedProblem(call, method)),
    'linear-softmax': linearSoftmaxOperator(method),
  };
  const operatorOf = (name: string) => {
    if (!Object.hasOwn(operators, name)) throw new Unsupported(`the operator ${name} is not implemented`);
    return operators[name];
  };
  const forward = async (call: Call) => operatorOf(call.case.operator).forward(call);
  return {
    environment: {},
    forward: reusing(forward),
    // keeps the tensors' memory, not their values
    capture: async (call) => () => forward(call),
    backward: async (call) => operatorOf(call.case.operator).backward(call),
    [Symbol.asyncDispose]: async () => {},
  };
}
