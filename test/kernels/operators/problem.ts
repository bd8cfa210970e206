import type { Call } from '../../../adapters/kernel.js';

export const f = Math.fround;

/** Call as a kernel wants it: the tensors as flat arrays, the sizes, the options, and which keys a query sees. */
export interface Problem {
  readonly dims: Readonly<Record<string, number>>;
  readonly tensors: Readonly<Record<string, Float32Array>>;
  /** An option in float32, or the document's default. */
  option(name: string, fallback: number): number;
  /** The keys that query i of head h sees. */
  keys(b: number, h: number, i: number): number[];
}

export function problemOf({ case: c, tensors }: Call): Problem {
  const { hk, g, m, n } = c.dims;
  const flat = Object.fromEntries(
    Object.entries(tensors).map(([name, { data, offset, shape }]) => {
      const size = shape.reduce((x, y) => x * y, 1);
      return [name, Float32Array.from(data.subarray(offset, offset + size) as ArrayLike<number>)];
    }),
  );
  const causal = !flat.mask && 'name' in c.mask && c.mask.name === 'causal';
  const sees = (b: number, h: number, i: number, j: number) => {
    if (flat.mask) return flat.mask[((b * hk * g + h) * m + i) * n + j] !== 0;
    return !causal || j <= i + n - m;
  };
  return {
    dims: c.dims,
    tensors: flat,
    option(name, fallback) {
      const given = c.options[name];
      return f(typeof given === 'number' ? given : fallback);
    },
    keys: (b, h, i) => upTo(n).filter((j) => sees(b, h, i, j)),
  };
}

/** 0 to count − 1. */
export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

export function sum(terms: readonly number[]): number {
  return terms.reduce((total, term) => f(total + term), 0);
}

/** Scalar product of two rows of `length` numbers. */
export function dot(x: Float32Array, xAt: number, y: Float32Array, yAt: number, length: number): number {
  let total = 0;
  for (let t = 0; t < length; t++) total = f(total + f(x[xAt + t] * y[yAt + t]));
  return total;
}

export function softmax(scores: readonly number[]): number[] {
  const most = Math.max(...scores);
  const terms = scores.map((s) => f(Math.exp(f(s - most))));
  const total = sum(terms);
  return terms.map((term) => f(term / total));
}

/** log Σ exp; −∞ of nothing. */
export function logSumExp(scores: readonly number[]): number {
  if (scores.length === 0) return -Infinity;
  const most = Math.max(...scores);
  return f(most + f(Math.log(sum(scores.map((s) => f(Math.exp(f(s - most))))))));
}

/** Σ weight · row, of the rows of `width` numbers that begin at these places. */
export function mix(weights: readonly number[], rows: Float32Array, places: readonly number[], width: number): number[] {
  return upTo(width).map((x) => sum(weights.map((w, t) => f(w * rows[places[t] + x]))));
}
