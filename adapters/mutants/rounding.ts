import type { Arithmetic } from '../reference/arithmetic.js';

/** An accumulator whose every sum is rounded by a function. */
export function rounding(round: (x: number) => number): Arithmetic {
  const dot: Arithmetic['dot'] = (x, xAt, y, yAt, depth) => {
    let sum = 0;
    for (let c = 0; c < depth; c++) sum = round(sum + x[xAt + c] * y[yAt + c]);
    return sum;
  };
  return {
    round,
    dot,
    dots(x, xAt, y, yAt, rows, count, depth, out) {
      for (let t = 0; t < count; t++) out[t] = dot(x, xAt, y, yAt + rows[t] * depth, depth);
    },
    combine(weights, rows, count, y, yAt, depth, out, outAt) {
      for (let t = 0; t < count; t++) {
        for (let c = 0; c < depth; c++) out[outAt + c] = round(out[outAt + c] + weights[t] * y[yAt + rows[t] * depth + c]);
      }
    },
    spread(weights, rows, count, x, xAt, depth, out, outAt) {
      for (let t = 0; t < count; t++) {
        const at = outAt + rows[t] * depth;
        for (let c = 0; c < depth; c++) out[at + c] = round(out[at + c] + weights[t] * x[xAt + c]);
      }
    },
    exponentials(x, count, shift, out) {
      let sum = 0;
      for (let t = 0; t < count; t++) {
        out[t] = round(Math.exp(round(x[t] - shift)));
        sum = round(sum + out[t]);
      }
      return sum;
    },
    multiply(x, at, count, factor) {
      for (let t = at; t < at + count; t++) x[t] = round(x[t] * factor);
    },
  };
}
