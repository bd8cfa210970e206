import type { Operator } from './operator.js';

/** softmax over the channels of q, times (softmax over the positions of k)ᵀ v. */
export const efficientAttention: Operator = (tf, _inputs, c) => {
  const { b, hk, g, m, d, e } = c.dims;
  return ({ q, k, v }) => {
    const context = tf.matMul(tf.softmax(tf.transpose(k, [0, 1, 3, 2])), v);
    return { o: tf.reshape(tf.matMul(tf.softmax(tf.reshape(q, [b, hk, g * m, d])), context), [b, hk * g, m, e]) };
  };
};
