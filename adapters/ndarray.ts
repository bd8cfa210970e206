import ndarray from 'ndarray';
import type { Tensor } from '../spec/tensor/tensor.js';

/** An `ndarray`, as that library describes it: it brings no types of its own, and ours must do without those of others. */
export interface NdArray {
  data: Tensor['data'];
  shape: number[];
  stride: number[];
  offset: number;
  readonly size: number;
  readonly dimension: number;
  get(...at: number[]): number;
  index(...at: number[]): number;
  lo(...from: number[]): NdArray;
  hi(...sizes: number[]): NdArray;
  step(...steps: number[]): NdArray;
  transpose(...axes: number[]): NdArray;
  pick(...at: (number | null)[]): NdArray;
}

/** A tensor as an `ndarray` over the same data, for kernels that are written with that library. f16 and bf16 hold their bits. */
export function asNdarray({ data, shape, strides, offset }: Tensor): NdArray {
  return ndarray(data, [...shape], [...strides], offset);
}

/** A tensor over the data of an `ndarray`, whose element type it has. */
export function fromNdarray(array: NdArray, dtype: Tensor['dtype']): Tensor {
  return { dtype, shape: array.shape, strides: array.stride, offset: array.offset, data: array.data };
}
