/** Numbers of the accumulator's precision, in float64 for every accumulator. */
export type Numbers = Float64Array;

/** Rounded products and exponentials. Row r of a matrix starts at r·depth. */
export interface Arithmetic {
  round(x: number): number;
  /** Σ_c x[xAt + c]·y[yAt + c]. */
  dot(x: Numbers, xAt: number, y: Numbers, yAt: number, depth: number): number;
  /** out[t] = Σ_c x[xAt + c]·y[yAt + rows[t]·depth + c] for t < count. */
  dots(x: Numbers, xAt: number, y: Numbers, yAt: number, rows: Int32Array, count: number, depth: number, out: Numbers): void;
  /** out[outAt + c] += Σ_t weights[t]·y[yAt + rows[t]·depth + c]. */
  combine(weights: Numbers, rows: Int32Array, count: number, y: Numbers, yAt: number, depth: number, out: Numbers, outAt: number): void;
  /** out[outAt + rows[t]·depth + c] += weights[t]·x[xAt + c]. */
  spread(weights: Numbers, rows: Int32Array, count: number, x: Numbers, xAt: number, depth: number, out: Numbers, outAt: number): void;
  /** out[t] = exp(x[t] − shift) for t < count. Returns their sum. */
  exponentials(x: Numbers, count: number, shift: number, out: Numbers): number;
  /** x[at + t] *= factor for t < count. */
  multiply(x: Numbers, at: number, count: number, factor: number): void;
}

/** Returns 0, 1, …, the indices of all rows. */
export function allRows(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, r) => r);
}
