import ndarray from 'ndarray';
import type { Tensor } from '../spec/tensor/tensor.js';

/** Type of an `ndarray`, because the package brings no types. */
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

/** Wraps a tensor as an `ndarray` over the same data. f16 and bf16 are bits. */
export function asNdarray({ data, shape, strides, offset }: Tensor): NdArray {
  return ndarray(data, [...shape], [...strides], offset);
}

/** Wraps an `ndarray` as a tensor over the same data. */
export function fromNdarray(array: NdArray, dtype: Tensor['dtype']): Tensor {
  return { dtype, shape: array.shape, strides: array.stride, offset: array.offset, data: array.data };
}
