import type { Arithmetic } from './arithmetic.js';
import { float32Elementwise } from './float32-elementwise.js';

const { fround } = Math;

/** Float32 without fused multiply-add: every product and every sum is rounded. */
export const float32Separate: Arithmetic = {
  ...float32Elementwise,

  dot(x, xAt, y, yAt, depth) {
    let sum = 0;
    for (let c = 0; c < depth; c++) sum = fround(sum + fround(x[xAt + c] * y[yAt + c]));
    return sum;
  },

  dots(x, xAt, y, yAt, rows, count, depth, out) {
    let t = 0;
    // four independent sums at a time hide the latency of rounding
    for (; t + 3 < count; t += 4) {
      const r0 = yAt + rows[t] * depth;
      const r1 = yAt + rows[t + 1] * depth;
      const r2 = yAt + rows[t + 2] * depth;
      const r3 = yAt + rows[t + 3] * depth;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let c = 0; c < depth; c++) {
        const a = x[xAt + c];
        s0 = fround(s0 + fround(a * y[r0 + c]));
        s1 = fround(s1 + fround(a * y[r1 + c]));
        s2 = fround(s2 + fround(a * y[r2 + c]));
        s3 = fround(s3 + fround(a * y[r3 + c]));
      }
      out[t] = s0;
      out[t + 1] = s1;
      out[t + 2] = s2;
      out[t + 3] = s3;
    }
    for (; t < count; t++) out[t] = float32Separate.dot(x, xAt, y, yAt + rows[t] * depth, depth);
  },

  combine(weights, rows, count, y, yAt, depth, out, outAt) {
    for (let t = 0; t < count; t++) {
      const at = yAt + rows[t] * depth;
      const weight = weights[t];
      for (let c = 0; c < depth; c++) out[outAt + c] = fround(out[outAt + c] + fround(weight * y[at + c]));
    }
  },

  spread(weights, rows, count, x, xAt, depth, out, outAt) {
    for (let t = 0; t < count; t++) {
      const at = outAt + rows[t] * depth;
      const weight = weights[t];
      for (let c = 0; c < depth; c++) out[at + c] = fround(out[at + c] + fround(weight * x[xAt + c]));
    }
  },
};
