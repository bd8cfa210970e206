import { isShapeOnly, shapeOnly, sizeOf, type Tensor, tensor, transpose, valuesOf } from '../../../spec/tensor/tensor.js';

/** Returns the decay exp(−decay·tokens) of a key head. */
export type Weigh = (keyHead: number, tokens: number) => number;

/** Returns the decay for rates [hk]; 1 without rates. */
export function weighedBy(decay: Tensor | undefined): Weigh {
  if (!decay) return () => 1;
  const rates = valuesOf(decay);
  return (keyHead, tokens) => Math.exp(-rates[keyHead] * tokens);
}

/** Number of tokens between a row of a chunk and the state that it updates or reads. */
export type Distance = (row: number) => number;

/** Σ_i w(distance(i)) x_i y_iᵀ, f64 [b, hk, d, e], for x [b, h, rows, d], y [b, h, rows, e]. */
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

/** into_i += w(distance(i)) Sᵀ x_i, for x [b, h, rows, d] and S [b, hk, d, e]. */
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

/** Returns Sᵀ. */
export function transposed(state: Tensor): Tensor {
  return transpose(state, [0, 1, 3, 2]);
}

/** Returns state + w(tokens)·earlier, in f64. */
export function carried(state: Tensor, earlier: Tensor, tokens: number, weigh: Weigh): Tensor {
  if (isShapeOnly(state)) return state;
  const [, hk, d, e] = state.shape;
  const before = valuesOf(earlier);
  const sum = valuesOf(state).map((x, at) => x + weigh(Math.floor(at / (d * e)) % hk, tokens) * before[at]);
  return tensor('f64', state.shape, sum);
}

/** Floating-point operations of multiplying rows with a state, or of adding outer products. */
export function productFlops(x: Tensor, width: number): number {
  return 2 * sizeOf(x.shape) * width;
}
