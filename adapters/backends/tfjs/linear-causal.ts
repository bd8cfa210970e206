import type * as tfjs from '@tensorflow/tfjs';
import { featureMap } from './linear.js';
import { numberOption, type Operator, type Tf } from './operator.js';

/** Causal linear attention with the states φ(k)vᵀ and φ(k), summed along the sequence. */
export const linearCausalAttention: Operator = (tf, _inputs, c) => {
  const { b, hk, g, n, d, e } = c.dims;
  const eps = numberOption(c, 'eps', 1e-6);
  return ({ q, k, v }) => {
    // [b·hk, n, g, d]: query heads of a group are rows of one product with their key head's state
    const fq = tf.transpose(featureMap(tf, tf.reshape(q, [b * hk, g, n, d])), [0, 2, 1, 3]);
    const fk = tf.reshape(featureMap(tf, k), [b * hk, n, d, 1]);
    const numerator = tf.matMul(fq, prefixSums(tf, tf.mul(fk, tf.reshape(v, [b * hk, n, 1, e]))));
    const denominator = tf.matMul(fq, prefixSums(tf, fk));
    const o = tf.div(numerator, tf.add(denominator, eps));
    return { o: tf.reshape(tf.transpose(o, [0, 2, 1, 3]), [b, hk * g, n, e]) };
  };
};

/** Sums axis 1 of [·, n, ·, ·], moved last: elsewhere tf.cumsum's gradient is wrong (4.22). */
function prefixSums(tf: Tf, x: tfjs.Tensor): tfjs.Tensor {
  return tf.transpose(tf.cumsum(tf.transpose(x, [0, 2, 3, 1]), 3), [0, 3, 1, 2]);
}
