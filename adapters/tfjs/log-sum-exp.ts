import type * as tfjs from '@tensorflow/tfjs';
import type { Tf } from './operator.js';

/**
 * tf.logSumExp over the last axis, with its gradient exp(x − lse)·dy: theirs goes through the maximum, where it adds the
 * rounding error of the sum once per tied maximum.
 */
export function logSumExp(tf: Tf, x: tfjs.Tensor): tfjs.Tensor {
  const differentiable = tf.customGrad((input, save) => {
    const x = input as tfjs.Tensor;
    const value = tf.logSumExp(x, -1);
    (save as tfjs.GradSaveFunc)([x, value]);
    return {
      value,
      gradFunc: (dy: tfjs.Tensor, [x, value]: tfjs.Tensor[]) => tf.mul(tf.exp(tf.sub(x, tf.expandDims(value, -1))), tf.expandDims(dy, -1)),
    };
  });
  return differentiable(x);
}
