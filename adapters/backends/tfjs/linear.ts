import type * as tfjs from '@tensorflow/tfjs';
import { numberOption, type Operator, type Tf } from './operator.js';

/** Feature map of linear attention: elu(x) + 1. */
export function featureMap(tf: Tf, x: tfjs.Tensor): tfjs.Tensor {
  return tf.add(tf.elu(x), 1);
}

/** φ(q)(φ(k)ᵀv) ÷ (φ(q)·Σφ(k) + eps). */
export const linearAttention: Operator = (tf, _inputs, c) => {
  const { b, hk, g, m, d, e } = c.dims;
  const eps = numberOption(c, 'eps', 1e-6);
  return ({ q, k, v }) => {
    const fq = featureMap(tf, tf.reshape(q, [b, hk, g * m, d]));
    const fk = featureMap(tf, k);
    const numerator = tf.matMul(fq, tf.matMul(fk, v, true));
    const denominator = tf.matMul(fq, tf.reshape(tf.sum(fk, 2), [b, hk, d, 1]));
    return { o: tf.reshape(tf.div(numerator, tf.add(denominator, eps)), [b, hk * g, m, e]) };
  };
};
