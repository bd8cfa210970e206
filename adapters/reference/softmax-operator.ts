import type { Tensor, Tensors } from '../../spec/tensor/tensor.js';
import type { Call } from '../adapter.js';
import { softmaxBackward } from './backward.js';
import { load } from './load.js';
import { arithmeticOf, type Method } from './method.js';
import type { OperatorKernel } from './operator-kernel.js';
import { save } from './save.js';
import type { SoftmaxOutputs } from './softmax-forward.js';
import { readSoftmaxProblem } from './softmax-problem.js';

export function softmaxOperator(method: Method): OperatorKernel {
  const read = (call: Call) => readSoftmaxProblem(call, arithmeticOf(method, call.case.dtype), method.steps, method.masks);
  return {
    forward(call) {
      const p = read(call);
      const { dtype, layout } = call.case;
      const { o, lse } = method.forward(p, method.steps);
      return {
        o: save(dtype, [p.b, p.heads, p.m, p.e], o, layout),
        lse: save(dtype === 'f64' ? 'f64' : 'f32', [p.b, p.heads, p.m], lse),
      };
    },

    backward(call) {
      const p = read(call);
      const { dtype, layout } = call.case;
      const { tensors } = call;
      const dO = load(tensors.do, layout);
      const { dq, dk, dv, dsink, dalibi, dbias } = softmaxBackward(
        p,
        method.steps,
        globalOutputs(call) ?? method.forward(p, method.steps),
        {
          dO,
          dlse: tensors.dlse && load(tensors.dlse),
        },
      );
      const gradients: Tensors = {
        dq: save(dtype, [p.b, p.heads, p.m, p.d], dq, layout),
        dk: save(dtype, [p.b, p.hk, p.n, p.d], dk, layout),
        dv: save(dtype, [p.b, p.hk, p.n, p.e], dv, layout),
      };
      if (dsink) gradients.dsink = saveLike(tensors.sink, dsink);
      if (dalibi) gradients.dalibi = saveLike(tensors.alibi, dalibi);
      // a bias that only carries the mask has no gradient to be asked for
      if (dbias && call.case.options.bias) gradients.dbias = saveLike(tensors.bias, dbias);
      return gradients;
    },
  };
}

/** The o and lse of the larger attention, in a call for one of its blocks. */
function globalOutputs({ case: c, tensors }: Call): SoftmaxOutputs | undefined {
  return tensors.o && tensors.lse && { o: load(tensors.o, c.layout), lse: load(tensors.lse) };
}

function saveLike(input: Tensor, values: Float64Array): Tensor {
  return save(input.dtype, input.shape, values);
}
