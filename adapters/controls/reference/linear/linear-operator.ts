import type { Call } from '../../../kernel.js';
import { arithmeticOf, type Method } from '../method.js';
import type { OperatorKernel } from '../operator-kernel.js';
import { load } from '../problem/load.js';
import { loadProblem } from '../problem/problem.js';
import { save } from '../problem/save.js';
import type { LinearProblem } from './kernel-state.js';
import type { Backward, Forward } from './operator-loops.js';

export function readLinearProblem(call: Call, method: Method): LinearProblem {
  const p = loadProblem(call, arithmeticOf(method, call.case.dtype));
  const { eps } = call.case.options;
  const { decay } = call.tensors;
  return { ...p, eps: p.arithmetic.round(typeof eps === 'number' ? eps : method.steps.defaultEps()), decay: decay && load(decay) };
}

/** Makes an operator without masks and LSE; only its outputs are rounded to storage. */
export function linearOperator(method: Method, forward: Forward<LinearProblem>, backward: Backward<LinearProblem>): OperatorKernel {
  return {
    forward(call) {
      const p = readLinearProblem(call, method);
      return { o: save(call.case.dtype, [p.b, p.heads, p.m, p.e], forward(p), call.case.layout) };
    },

    backward(call) {
      const p = readLinearProblem(call, method);
      const { dtype, layout } = call.case;
      const { dq, dk, dv } = backward(p, load(call.tensors.do, layout));
      return {
        dq: save(dtype, [p.b, p.heads, p.m, p.d], dq, layout),
        dk: save(dtype, [p.b, p.hk, p.n, p.d], dk, layout),
        dv: save(dtype, [p.b, p.hk, p.n, p.e], dv, layout),
      };
    },
  };
}
