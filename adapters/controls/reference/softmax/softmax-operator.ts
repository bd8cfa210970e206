import type { Tensor, Tensors } from '../../../../spec/tensor/tensor.js';
import type { Case } from '../../../adapter.js';
import type { Call } from '../../../kernel.js';
import { arithmeticOf, type Method } from '../method.js';
import type { OperatorKernel } from '../operator-kernel.js';
import { load } from '../problem/load.js';
import { readSoftmaxProblem } from '../problem/read-softmax-problem.js';
import { save } from '../problem/save.js';
import type { SoftmaxGradients, SoftmaxOutputs } from '../problem/softmax-problem.js';
import { packedBackward, packedForward } from '../steps/packed.js';
import { pagedForward } from '../steps/paged.js';
import { softmaxBackward } from './backward.js';

/**
 * Makes softmax attention of the problem that `read` returns.
 * @param through converts gradients of that problem to gradients of the operator's inputs.
 */
export function softmaxOperator(
  method: Method,
  read = (call: Call) => readSoftmaxProblem(call, arithmeticOf(method, call.case.dtype), method.steps, method.masks),
  through = (gradients: SoftmaxGradients, _call: Call) => gradients,
): OperatorKernel {
  const packing = ({ dtype }: Case) => ({ documents: method.steps.documents, round: arithmeticOf(method, dtype).round });
  const forward = (call: Call) => method.forward(read(call), method.steps);
  const backward = (call: Call) => {
    const p = read(call);
    const { tensors } = call;
    const gradients = softmaxBackward(p, method.steps, globalOutputs(call) ?? method.forward(p, method.steps), {
      dO: load(tensors.do, call.case.layout),
      dlse: tensors.dlse && load(tensors.dlse),
    });
    return through(gradients, call);
  };
  return {
    forward(call) {
      const { dtype, layout, dims, packed } = call.case;
      const { b, hk, g, m, e } = dims;
      const paged = call.tensors.k_pages && pagedForward(call, method.steps, forward);
      const { o, lse } = paged ? paged : packed ? packedForward(call, packing(call.case), forward) : forward(call);
      return {
        o: save(dtype, [b, hk * g, m, e], o, layout),
        lse: save(dtype === 'f64' ? 'f64' : 'f32', packed ? [hk * g, m] : [b, hk * g, m], lse),
        ...paged?.pages,
      };
    },

    backward(call) {
      const { dtype, layout, dims, options, packed } = call.case;
      const { b, hk, g, m, n, d, e } = dims;
      const { tensors } = call;
      const { dq, dk, dv, dsink, dalibi, dbias } = packed ? packedBackward(call, packing(call.case), backward) : backward(call);
      const gradients: Tensors = {
        dq: save(dtype, [b, hk * g, m, d], dq, layout),
        dk: save(dtype, [b, hk, n, d], dk, layout),
        dv: save(dtype, [b, hk, n, e], dv, layout),
      };
      if (dsink) gradients.dsink = saveLike(tensors.sink, dsink);
      if (dalibi) gradients.dalibi = saveLike(tensors.alibi, dalibi);
      if (dbias && options.bias) gradients.dbias = saveLike(tensors.bias, dbias);
      return gradients;
    },
  };
}

/** Returns o and lse of the larger attention, in a call for one of its blocks. */
function globalOutputs({ case: c, tensors }: Call): SoftmaxOutputs | undefined {
  return tensors.o && tensors.lse && { o: load(tensors.o, c.layout), lse: load(tensors.lse) };
}

function saveLike(input: Tensor, values: Float64Array): Tensor {
  return save(input.dtype, input.shape, values);
}
