import { allocate, type TensorData, type TensorDType } from './dtype.js';
import { decodeAll, encodeAll } from './float-bits.js';

/** Strided view: element (i, j, …) is data[offset + i·strides[0] + j·strides[1] + …]. */
export interface Tensor {
  readonly dtype: TensorDType;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
  readonly data: TensorData;
  /** Fills `out` with elements from an index on, of a contiguous tensor that is not in memory. */
  readonly read?: (from: number, out: TensorData) => void;
}

export type Tensors = Record<string, Tensor>;

export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (let axis = 0; axis < shape.length; axis++) size *= shape[axis];
  return size;
}

/** Returns a function from an offset in a row-major array to the index along an axis. */
export function placeAlong(shape: readonly number[], axis: number): (at: number) => number {
  const inner = sizeOf(shape.slice(axis + 1));
  return (at) => Math.floor(at / inner) % shape[axis];
}

export function rowMajor(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= shape[axis];
  }
  return strides;
}

/** Contiguous tensor over `data` (default: zeros). */
export function tensor(dtype: TensorDType, shape: readonly number[], data: TensorData = allocate(dtype, sizeOf(shape))): Tensor {
  return { dtype, shape, strides: rowMajor(shape), offset: 0, data };
}

/** Contiguous tensor of values, rounded to the element type. */
export function tensorOf(dtype: TensorDType, shape: readonly number[], values: ArrayLike<number>): Tensor {
  return tensor(dtype, shape, encodeAll(dtype, values));
}

/** Tensor with a shape and empty `data`, to run a program without numbers. */
export function shapeOnly(dtype: TensorDType, shape: readonly number[]): Tensor {
  let data = noElements.get(dtype);
  if (!data) {
    data = allocate(dtype, 0);
    noElements.set(dtype, data);
  }
  return tensor(dtype, shape, data);
}

const noElements = new Map<TensorDType, TensorData>();

export function isShapeOnly({ data, shape }: Tensor): boolean {
  return data.length === 0 && sizeOf(shape) > 0;
}

export function isContiguous(t: Tensor): boolean {
  const expected = rowMajor(t.shape);
  return t.shape.every((size, axis) => size === 1 || t.strides[axis] === expected[axis]);
}

/** Elements in row-major order without gaps; a view if possible. */
export function contiguousData(t: Tensor): TensorData {
  if (t.data.length === 0) return t.data;
  const size = sizeOf(t.shape);
  if (isContiguous(t)) return t.offset === 0 && t.data.length === size ? t.data : t.data.subarray(t.offset, t.offset + size);
  const out = allocate(t.dtype, size);
  const rank = t.shape.length;
  const inner = t.shape[rank - 1];
  const step = t.strides[rank - 1];
  const index = new Array<number>(rank).fill(0);
  for (let at = 0; at < size; at += inner) {
    let from = t.offset;
    for (let axis = 0; axis < rank - 1; axis++) from += index[axis] * t.strides[axis];
    for (let j = 0; j < inner; j++) out[at + j] = t.data[from + j * step];
    for (let axis = rank - 2; axis >= 0; axis--) {
      if (++index[axis] < t.shape[axis]) break;
      index[axis] = 0;
    }
  }
  return out;
}

/** Tensor without gaps or excess data; the same tensor if possible. */
export function contiguous(t: Tensor): Tensor {
  if (t.read) return t;
  const whole = t.offset === 0 && t.data.length === sizeOf(t.shape) && isContiguous(t);
  return t.data.length === 0 || whole ? t : tensor(t.dtype, t.shape, contiguousData(t));
}

/** Values in row-major order, in float64. */
export function valuesOf(t: Tensor): Float64Array {
  return decodeAll(t.dtype, contiguousData(t));
}

/** View with the axes in another order. */
export function transpose(t: Tensor, order: readonly number[]): Tensor {
  return { ...t, shape: order.map((axis) => t.shape[axis]), strides: order.map((axis) => t.strides[axis]) };
}
