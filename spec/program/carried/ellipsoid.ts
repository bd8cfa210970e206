import { floats } from '../scratch.js';
import { elements, offsets, type ProgramTensor, type Sizes, strideOf, union, without } from '../tensor.js';

// Errors of a state along one axis lie in an ellipsoid {x: x = P^½ y, |y| ≤ 1}, with one P per
// index over `batch`. For a row a, |a·x| ≤ √(aᵀPa). A maps P to APAᵀ. Errors of at most rᵢ by
// element lie in diag(rᵢ·Σr), as Σ rᵢ²/(rᵢ·Σr) = 1. Sums of two errors lie in (1 + 1/p)P + (1 + p)Q
// for any p > 0; p = √(tr P / tr Q) has the least trace (Schweppe, Uncertain Dynamic Systems,
// 1973). So a step that contracts in one direction keeps contracting there.

/** Ellipsoid of a state's errors along an axis. */
export interface Ellipsoid {
  readonly axis: string;
  /** Remaining axes of the state; errors along them are independent. */
  readonly others: readonly string[];
  readonly batch: readonly string[];
  /** P, symmetric, over the batch axes and twice the axis. */
  readonly matrix: Float64Array;
}

/** Column axis of a coefficient, which is multiplied with the error. */
export function columnsOf(axis: string): string {
  return `columns of ${axis}`;
}

/** Relative float64 error of a double sum of products over the axis. */
const ROUNDING = 2 ** -50;
/** Smaller numbers may underflow when squared. */
const SMALL = 2 ** -500;

/** Ellipsoid of errors bounded by element, over the axes of a state. */
export function boxed(
  bound: Float64Array | undefined,
  axes: readonly string[],
  axis: string,
  batch: readonly string[],
  sizes: Sizes,
): Ellipsoid {
  const d = sizes[axis];
  const rows = largest(bound, axes, [...batch, axis], sizes);
  const matrix = floats(rows.length * d);
  for (let start = 0; start < rows.length; start += d) {
    let total = 0;
    for (let i = 0; i < d; i++) total += rows[start + i] = rows[start + i] > 0 ? Math.max(rows[start + i], SMALL) : 0;
    for (let i = 0; i < d; i++) matrix[(start + i) * d + i] = rows[start + i] * total;
  }
  return { axis, others: without(axes, [axis]), batch, matrix };
}

function largest(data: Float64Array | undefined, axes: readonly string[], kept: readonly string[], sizes: Sizes): Float64Array {
  const out = floats(elements(kept, sizes));
  if (!data) return out;
  const at = offsets(kept, axes, sizes);
  for (let i = 0; i < data.length; i++) out[at[i]] = Math.max(out[at[i]], data[i]);
  return out;
}

/** Bounds |a·x| for the rows a of a coefficient and the errors x of an ellipsoid. */
export function reachOf({ axis, batch, matrix }: Ellipsoid, coefficient: ProgramTensor, sizes: Sizes): ProgramTensor {
  const columns = columnsOf(axis);
  const d = sizes[axis];
  const axes = union(batch, without(coefficient.axes, [columns]));
  const rowAt = offsets(coefficient.axes, axes, sizes);
  const matrixAt = offsets(batch, axes, sizes);
  const step = strideOf(coefficient.axes, columns, sizes);
  const value = floats(rowAt.length);
  for (let row = 0; row < value.length; row++) {
    let square = 0;
    let size = 0;
    for (let i = 0; i < d; i++) {
      const a = coefficient.value[rowAt[row] + i * step];
      if (a === 0) continue;
      const from = (matrixAt[row] * d + i) * d;
      let total = 0;
      for (let j = 0; j < d; j++) total += matrix[from + j] * coefficient.value[rowAt[row] + j * step];
      square += a * total;
      size += Math.abs(a) * Math.sqrt(matrix[from + i]);
    }
    value[row] = Math.sqrt(Math.max(0, square) + d * ROUNDING * size * size) + SMALL;
  }
  return { axes, value };
}

/** Ellipsoid of A·x for the errors x of an ellipsoid and a coefficient A. */
export function imageOf(from: Ellipsoid, coefficient: ProgramTensor, sizes: Sizes): Ellipsoid {
  const { axis, others } = from;
  const columns = columnsOf(axis);
  const d = sizes[axis];
  const batch = union(from.batch, without(coefficient.axes, [axis, columns]));
  const coefficientAt = offsets(coefficient.axes, batch, sizes);
  const fromAt = offsets(from.batch, batch, sizes);
  const [rowStep, columnStep] = [axis, columns].map((name) => strideOf(coefficient.axes, name, sizes));
  const matrix = floats(coefficientAt.length * d * d);
  const a = floats(d * d);
  const product = floats(d * d);
  for (let at = 0; at < coefficientAt.length; at++) {
    for (let i = 0; i < d; i++)
      for (let j = 0; j < d; j++) a[i * d + j] = coefficient.value[coefficientAt[at] + i * rowStep + j * columnStep];
    const p = from.matrix.subarray(fromAt[at] * d * d, (fromAt[at] + 1) * d * d);
    const out = matrix.subarray(at * d * d, (at + 1) * d * d);
    multiply(a, p, product, d);
    timesTransposed(product, a, out, d);
    for (let i = 0; i < d; i++) {
      let size = 0;
      for (let j = 0; j < d; j++) size += Math.abs(a[i * d + j]) * Math.sqrt(p[j * d + j]);
      // |xᵀEx| ≤ d·Σ eᵢ²xᵢ² for |E| ≤ e·eᵀ
      out[i * d + i] += d * d * ROUNDING * size * size + SMALL * SMALL;
    }
  }
  return { axis, others, batch, matrix };
}

/** Ellipsoid of x + r for the errors x of an ellipsoid, and r bounded by element. */
export function withRest(error: Ellipsoid, rest: Float64Array, axes: readonly string[], sizes: Sizes): Ellipsoid {
  const d = sizes[error.axis];
  const matrix = error.matrix.slice();
  const added = boxed(rest, axes, error.axis, error.batch, sizes).matrix;
  for (let at = 0; at < matrix.length; at += d * d) add(matrix.subarray(at, at + d * d), added.subarray(at, at + d * d), d);
  return { ...error, matrix };
}

/** Bounds |x| by element for the errors x of an ellipsoid. */
export function widthsOf({ axis, batch, matrix }: Ellipsoid, sizes: Sizes): ProgramTensor {
  const d = sizes[axis];
  const axes = [...batch, axis];
  const value = Float64Array.from({ length: matrix.length / d }, (_, row) => Math.sqrt(matrix[row * d + (row % d)]) + SMALL);
  return { axes, value };
}

function multiply(a: Float64Array, b: Float64Array, out: Float64Array, d: number): void {
  out.fill(0);
  for (let i = 0; i < d; i++)
    for (let k = 0; k < d; k++) {
      const x = a[i * d + k];
      if (x !== 0) for (let j = 0; j < d; j++) out[i * d + j] += x * b[k * d + j];
    }
}

function timesTransposed(x: Float64Array, y: Float64Array, out: Float64Array, d: number): void {
  for (let i = 0; i < d; i++)
    for (let j = i; j < d; j++) {
      let total = 0;
      for (let k = 0; k < d; k++) total += x[i * d + k] * y[j * d + k];
      out[i * d + j] = total;
      out[j * d + i] = total;
    }
}

function add(p: Float64Array, q: Float64Array, d: number): void {
  let [tp, tq] = [0, 0];
  for (let i = 0; i < d; i++) {
    tp += p[i * d + i];
    tq += q[i * d + i];
  }
  if (tq === 0) return;
  const ratio = Math.sqrt(tp / tq);
  const [x, y] = tp === 0 ? [0, 1] : [1 + 1 / ratio, 1 + ratio];
  for (let i = 0; i < p.length; i++) p[i] = x * p[i] + y * q[i];
}
