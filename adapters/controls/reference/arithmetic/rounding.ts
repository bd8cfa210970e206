import type { Arithmetic } from './arithmetic.js';

/** Rounding of a simulated accumulator's operations. */
export interface Rounding {
  readonly round: (x: number) => number;
  /** Converts operands before an exact multiplication; default: unchanged. */
  readonly operand?: (x: number) => number;
  /** True if products are fused with the sum instead of rounded first. */
  readonly fused: boolean;
  /** Exponential function before rounding; default: Math.exp. */
  readonly exp?: (x: number) => number;
}

const same = (x: number) => x;

/** Returns the arithmetic of a simulated accumulator. */
export function rounding({ round, operand = same, fused, exp = Math.exp }: Rounding): Arithmetic {
  const product = fused ? same : round;
  const dot: Arithmetic['dot'] = (x, xAt, y, yAt, depth) => {
    let sum = 0;
    for (let c = 0; c < depth; c++) sum = round(sum + product(operand(x[xAt + c]) * operand(y[yAt + c])));
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
        const at = yAt + rows[t] * depth;
        const weight = operand(weights[t]);
        for (let c = 0; c < depth; c++) out[outAt + c] = round(out[outAt + c] + product(weight * operand(y[at + c])));
      }
    },
    spread(weights, rows, count, x, xAt, depth, out, outAt) {
      for (let t = 0; t < count; t++) {
        const at = outAt + rows[t] * depth;
        const weight = operand(weights[t]);
        for (let c = 0; c < depth; c++) out[at + c] = round(out[at + c] + product(weight * operand(x[xAt + c])));
      }
    },
    exponentials(x, count, shift, out) {
      let sum = 0;
      for (let t = 0; t < count; t++) {
        out[t] = round(exp(round(x[t] - shift)));
        sum = round(sum + out[t]);
      }
      return sum;
    },
    multiply(x, at, count, factor) {
      for (let t = at; t < at + count; t++) x[t] = round(x[t] * factor);
    },
  };
}
