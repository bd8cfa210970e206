import tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';

// What the composition has to work around. A test that fails here means that a newer TensorFlow.js can do without.
describe('TensorFlow.js', () => {
  beforeAll(async () => {
    tf.enableProdMode();
    await tf.setBackend('cpu');
  });

  it('gives the gradient of a cumsum over the first axis with its axes swapped', () => {
    const last = tf.tensor2d([
      [0, 0],
      [1, 0],
    ]);
    const gradient = tf.grad((x: tf.Tensor) => tf.sum(tf.mul(tf.cumsum(x, 0), last)))(tf.zeros([2, 2]));
    // x[0][0] and x[1][0] add to the element that is read
    expect(gradient.arraySync()).not.toEqual([
      [1, 0],
      [1, 0],
    ]);
  });

  it('gives NaN for a row without keys', () => {
    expect([...tf.softmax(tf.tensor1d([-Infinity, -Infinity])).dataSync()]).toEqual([NaN, NaN]);
    expect([...tf.logSumExp(tf.tensor1d([-Infinity, -Infinity])).dataSync()]).toEqual([NaN]);
  });
});
