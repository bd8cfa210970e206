import type * as tfjs from '@tensorflow/tfjs';
import type { Tf } from './operator.js';

/**
 * tf.logSumExp over the last axis, with its gradient p·dy: theirs goes through the maximum, where it adds the rounding
 * error of the sum once per tied maximum.
 * @param p the softmax of x.
 */
export function logSumExp(tf: Tf, x: tfjs.Tensor, p: tfjs.Tensor): tfjs.Tensor {
  const differentiable = tf.customGrad((input, save) => {
    (save as tfjs.GradSaveFunc)([p]);
    return {
      value: tf.logSumExp(input as tfjs.Tensor, -1),
      gradFunc: (dy: tfjs.Tensor, [softmax]: tfjs.Tensor[]) => tf.mul(softmax, tf.expandDims(dy, -1)),
    };
  });
  return differentiable(x);
}
