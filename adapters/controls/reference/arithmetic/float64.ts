import type { Arithmetic } from './arithmetic.js';

export const float64: Arithmetic = {
  round: (x) => x,

  dot(x, xAt, y, yAt, depth) {
    let sum = 0;
    for (let c = 0; c < depth; c++) sum += x[xAt + c] * y[yAt + c];
    return sum;
  },

  dots(x, xAt, y, yAt, rows, count, depth, out) {
    for (let t = 0; t < count; t++) {
      const at = yAt + rows[t] * depth;
      let sum = 0;
      for (let c = 0; c < depth; c++) sum += x[xAt + c] * y[at + c];
      out[t] = sum;
    }
  },

  combine(weights, rows, count, y, yAt, depth, out, outAt) {
    for (let t = 0; t < count; t++) {
      const at = yAt + rows[t] * depth;
      const weight = weights[t];
      for (let c = 0; c < depth; c++) out[outAt + c] += weight * y[at + c];
    }
  },

  spread(weights, rows, count, x, xAt, depth, out, outAt) {
    for (let t = 0; t < count; t++) {
      const at = outAt + rows[t] * depth;
      const weight = weights[t];
      for (let c = 0; c < depth; c++) out[at + c] += weight * x[xAt + c];
    }
  },

  exponentials(x, count, shift, out) {
    let sum = 0;
    for (let t = 0; t < count; t++) {
      out[t] = Math.exp(x[t] - shift);
      sum += out[t];
    }
    return sum;
  },

  multiply(x, at, count, factor) {
    for (let t = 0; t < count; t++) x[at + t] *= factor;
  },
};
