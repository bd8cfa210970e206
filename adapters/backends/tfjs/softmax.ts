import type * as tfjs from '@tensorflow/tfjs';
import { type Inputs, numberOption, type Operator, type Tf } from './operator.js';

/** Softmax attention with every option; rows without visible keys give 0 and −∞. */
export const softmaxAttention: Operator = (tf, inputs, c) => {
  const { b, hk, g, m, n, d, e } = c.dims;
  const heads = hk * g;
  const scale = numberOption(c, 'scale', 1 / Math.sqrt(d));
  const softcap = c.options.softcap as number | undefined;
  const empty = inputs.sink ? undefined : emptyRows(tf, inputs);
  return ({ q, k, v, mask, bias, alibi, sink }) => {
    // query heads of a group are rows of one product with their key head
    let s = tf.mul(tf.matMul(tf.reshape(q, [b, hk, g * m, d]), k, false, true), scale);
    if (softcap !== undefined) s = tf.mul(tf.tanh(tf.div(s, softcap)), softcap);
    s = tf.reshape(s, [b, heads, m, n]);
    if (alibi) s = tf.add(s, tf.mul(tf.reshape(alibi, [heads, 1, 1]), relativePositions(tf, m, n)));
    if (bias) s = tf.add(s, bias);
    if (mask) s = tf.where(mask, s, tf.fill([b, heads, m, n], -Infinity));
    if (sink) s = tf.concat([s, tf.add(tf.zeros([b, heads, m, 1]), tf.reshape(sink, [heads, 1, 1]))], -1);
    if (empty) s = tf.where(empty, tf.zerosLike(s), s);
    let p = tf.softmax(s);
    let lse = logSumExp(tf, s, p);
    if (sink) p = tf.slice(p, [0, 0, 0, 0], [b, heads, m, n]);
    if (empty) {
      p = tf.where(empty, tf.zerosLike(p), p);
      lse = tf.where(tf.squeeze(empty, [-1]), -Infinity, lse);
    }
    const o = tf.reshape(tf.matMul(tf.reshape(p, [b, hk, g * m, n]), v), [b, heads, m, e]);
    return { o, lse };
  };
};

/** Marks rows without visible keys, BOOL [b|1, h|1, m|1, 1], for which softmax gives NaN. */
function emptyRows(tf: Tf, { mask, bias }: Inputs): tfjs.Tensor | undefined {
  const added = bias && tf.greater(bias, -Infinity);
  const visible = mask && added ? tf.logicalAnd(mask, added) : (mask ?? added);
  return visible && tf.logicalNot(tf.any(visible, -1, true));
}

/** Returns j − (i + n − m), [m, n]. */
function relativePositions(tf: Tf, m: number, n: number): tfjs.Tensor {
  return tf.sub(tf.range(0, n), tf.reshape(tf.range(n - m, n), [m, 1]));
}

/**
 * tf.logSumExp over the last axis, with the gradient p·dy, p being the softmax of x.
 * TensorFlow.js's gradient adds the sum's rounding error once per tied maximum.
 */
function logSumExp(tf: Tf, x: tfjs.Tensor, p: tfjs.Tensor): tfjs.Tensor {
  const differentiable = tf.customGrad((input, save) => {
    (save as tfjs.GradSaveFunc)([p]);
    return {
      value: tf.logSumExp(input as tfjs.Tensor, -1),
      gradFunc: (dy: tfjs.Tensor, [softmax]: tfjs.Tensor[]) => tf.mul(softmax, tf.expandDims(dy, -1)),
    };
  });
  return differentiable(x);
}
