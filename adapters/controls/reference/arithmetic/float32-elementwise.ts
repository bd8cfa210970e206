import type { Arithmetic } from './arithmetic.js';

const { fround, exp } = Math;

/** Operations of both float32 arithmetics; every result is rounded to f32. */
export const float32Elementwise: Pick<Arithmetic, 'round' | 'exponentials' | 'multiply'> = {
  round: (x) => fround(x),

  exponentials(x, count, shift, out) {
    let sum = 0;
    for (let t = 0; t < count; t++) {
      const value = fround(exp(fround(x[t] - shift)));
      out[t] = value;
      sum = fround(sum + value);
    }
    return sum;
  },

  multiply(x, at, count, factor) {
    for (let t = 0; t < count; t++) x[at + t] = fround(x[at + t] * factor);
  },
};
