import type { Arithmetic } from './arithmetic.js';
import { float32Elementwise } from './float32-elementwise.js';

const { fround } = Math;

/** Float32 with fused multiply-add: products of float32 numbers are exact in float64. */
export const float32Fused: Arithmetic = {
  ...float32Elementwise,

  dot(x, xAt, y, yAt, depth) {
    let sum = 0;
    for (let c = 0; c < depth; c++) sum = fround(sum + x[xAt + c] * y[yAt + c]);
    return sum;
  },

  dots(x, xAt, y, yAt, rows, count, depth, out) {
    let t = 0;
    // eight independent sums at a time hide the latency of rounding
    for (; t + 7 < count; t += 8) {
      const r0 = yAt + rows[t] * depth;
      const r1 = yAt + rows[t + 1] * depth;
      const r2 = yAt + rows[t + 2] * depth;
      const r3 = yAt + rows[t + 3] * depth;
      const r4 = yAt + rows[t + 4] * depth;
      const r5 = yAt + rows[t + 5] * depth;
      const r6 = yAt + rows[t + 6] * depth;
      const r7 = yAt + rows[t + 7] * depth;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      let s4 = 0;
      let s5 = 0;
      let s6 = 0;
      let s7 = 0;
      for (let c = 0; c < depth; c++) {
        const a = x[xAt + c];
        s0 = fround(s0 + a * y[r0 + c]);
        s1 = fround(s1 + a * y[r1 + c]);
        s2 = fround(s2 + a * y[r2 + c]);
        s3 = fround(s3 + a * y[r3 + c]);
        s4 = fround(s4 + a * y[r4 + c]);
        s5 = fround(s5 + a * y[r5 + c]);
        s6 = fround(s6 + a * y[r6 + c]);
        s7 = fround(s7 + a * y[r7 + c]);
      }
      out[t] = s0;
      out[t + 1] = s1;
      out[t + 2] = s2;
      out[t + 3] = s3;
      out[t + 4] = s4;
      out[t + 5] = s5;
      out[t + 6] = s6;
      out[t + 7] = s7;
    }
    for (; t < count; t++) out[t] = float32Fused.dot(x, xAt, y, yAt + rows[t] * depth, depth);
  },

  combine(weights, rows, count, y, yAt, depth, out, outAt) {
    let c = 0;
    // eight columns at a time stay in registers over all rows
    for (; c + 7 < depth; c += 8) {
      const column = yAt + c;
      const to = outAt + c;
      let s0 = out[to];
      let s1 = out[to + 1];
      let s2 = out[to + 2];
      let s3 = out[to + 3];
      let s4 = out[to + 4];
      let s5 = out[to + 5];
      let s6 = out[to + 6];
      let s7 = out[to + 7];
      for (let t = 0; t < count; t++) {
        const at = column + rows[t] * depth;
        const weight = weights[t];
        s0 = fround(s0 + weight * y[at]);
        s1 = fround(s1 + weight * y[at + 1]);
        s2 = fround(s2 + weight * y[at + 2]);
        s3 = fround(s3 + weight * y[at + 3]);
        s4 = fround(s4 + weight * y[at + 4]);
        s5 = fround(s5 + weight * y[at + 5]);
        s6 = fround(s6 + weight * y[at + 6]);
        s7 = fround(s7 + weight * y[at + 7]);
      }
      out[to] = s0;
      out[to + 1] = s1;
      out[to + 2] = s2;
      out[to + 3] = s3;
      out[to + 4] = s4;
      out[to + 5] = s5;
      out[to + 6] = s6;
      out[to + 7] = s7;
    }
    for (; c < depth; c++) {
      let sum = out[outAt + c];
      for (let t = 0; t < count; t++) sum = fround(sum + weights[t] * y[yAt + rows[t] * depth + c]);
      out[outAt + c] = sum;
    }
  },

  spread(weights, rows, count, x, xAt, depth, out, outAt) {
    for (let t = 0; t < count; t++) {
      const at = outAt + rows[t] * depth;
      const weight = weights[t];
      for (let c = 0; c < depth; c++) out[at + c] = fround(out[at + c] + weight * x[xAt + c]);
    }
  },
};
