/** Numbers of the accumulator's precision, each in a float64 slot: every loop then sees one kind of array. */
export type Numbers = Float64Array;

/**
 * The products and exponentials of one accumulator, rounded as it rounds. Row r of a matrix with rows of `depth` numbers starts at r·depth.
 * A result never depends on which other rows are asked for along with it.
 */
export interface Arithmetic {
  /** The nearest number that the accumulator has. */
  round(x: number): number;
  /** Σ_c x[xAt + c]·y[yAt + c]. */
  dot(x: Numbers, xAt: number, y: Numbers, yAt: number, depth: number): number;
  /** out[t] = Σ_c x[xAt + c]·y[yAt + rows[t]·depth + c] for t < count. */
  dots(x: Numbers, xAt: number, y: Numbers, yAt: number, rows: Int32Array, count: number, depth: number, out: Numbers): void;
  /** out[outAt + c] += Σ_t weights[t]·y[yAt + rows[t]·depth + c]. */
  combine(weights: Numbers, rows: Int32Array, count: number, y: Numbers, yAt: number, depth: number, out: Numbers, outAt: number): void;
  /** out[outAt + rows[t]·depth + c] += weights[t]·x[xAt + c]. */
  spread(weights: Numbers, rows: Int32Array, count: number, x: Numbers, xAt: number, depth: number, out: Numbers, outAt: number): void;
  /** out[t] = exp(x[t] − shift) for t < count; their sum. */
  exponentials(x: Numbers, count: number, shift: number, out: Numbers): number;
  /** x[at + t] *= factor for t < count. */
  multiply(x: Numbers, at: number, count: number, factor: number): void;
}

/** 0, 1, …: the rows of a matrix that is taken whole. */
export function allRows(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, r) => r);
}
