import { isShapeOnly, shapeOnly, sizeOf, type Tensor, tensor, transpose, valuesOf } from '../../../spec/tensor/tensor.js';

/** Weight of a term whose token lies `tokens` tokens from the state: exp(−decay·tokens), by key head. */
export type Weigh = (keyHead: number, tokens: number) => number;

/**
 * Returns the weights for a decay rate per key head.
 * @param decay [hk]; if absent, every weight is 1.
 */
export function weighedBy(decay: Tensor | undefined): Weigh {
  if (!decay) return () => 1;
  const rates = valuesOf(decay);
  return (keyHead, tokens) => Math.exp(-rates[keyHead] * tokens);
}

/** Number of tokens between a row of a chunk and the state that the row is added to, or that the row reads. */
export type Distance = (row: number) => number;

/**
 * Returns the state Σ_i w(distance(i)) x_i y_iᵀ by key head, f64 [b, hk, d, e]: x is
 * [b, h, rows, d], y is [b, h, rows, e], and h is a multiple of hk.
 */
export function stateOf(x: Tensor, y: Tensor, hk: number, weigh: Weigh, distance: Distance): Tensor {
  const [b, h, rows, d] = x.shape;
  const e = y.shape[3];
  if (isShapeOnly(x)) return shapeOnly('f64', [b, hk, d, e]);
  const [xs, ys] = [valuesOf(x), valuesOf(y)];
  const state = new Float64Array(b * hk * d * e);
  for (let row = 0; row < b * h * rows; row++) {
    const head = Math.floor(row / (rows * (h / hk)));
    const weight = weigh(head % hk, distance(row % rows));
    for (let r = 0; r < d; r++) {
      const factor = weight * xs[row * d + r];
      for (let c = 0; c < e; c++) state[(head * d + r) * e + c] += factor * ys[row * e + c];
    }
  }
  return tensor('f64', [b, hk, d, e], state);
}

/** Adds w(distance(i)) Sᵀ x_i to into_i, in place, for rows x [b, h, rows, d] and a state S [b, hk, d, e]. */
export function addProducts(into: Float64Array, x: Tensor, state: Tensor, weigh: Weigh, distance: Distance): void {
  if (isShapeOnly(x)) return;
  const [b, h, rows] = x.shape;
  const [, hk, d, e] = state.shape;
  const [xs, s] = [valuesOf(x), valuesOf(state)];
  for (let row = 0; row < b * h * rows; row++) {
    const head = Math.floor(row / (rows * (h / hk)));
    const weight = weigh(head % hk, distance(row % rows));
    for (let r = 0; r < d; r++) {
      const factor = weight * xs[row * d + r];
      for (let c = 0; c < e; c++) into[row * e + c] += factor * s[(head * d + r) * e + c];
    }
  }
}

/** Returns S with its last two axes exchanged. */
export function transposed(state: Tensor): Tensor {
  return transpose(state, [0, 1, 3, 2]);
}

/**
 * Returns state + w(tokens)·earlier, in f64: the earlier state carried over `tokens` tokens, plus
 * the terms of these tokens.
 */
export function carried(state: Tensor, earlier: Tensor, tokens: number, weigh: Weigh): Tensor {
  if (isShapeOnly(state)) return state;
  const [, hk, d, e] = state.shape;
  const before = valuesOf(earlier);
  const sum = valuesOf(state).map((x, at) => x + weigh(Math.floor(at / (d * e)) % hk, tokens) * before[at]);
  return tensor('f64', state.shape, sum);
}

/**
 * Floating-point operations to multiply every row of x with a state, or to add every row's outer
 * product to one.
 */
export function productFlops(x: Tensor, width: number): number {
  return 2 * sizeOf(x.shape) * width;
}
