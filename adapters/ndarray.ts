import ndarray, { type NdArray } from 'ndarray';
import type { Tensor } from '../spec/tensor/tensor.js';

/** A tensor as an `ndarray` over the same data, for kernels that are written with that library. f16 and bf16 hold their bits. */
export function asNdarray({ data, shape, strides, offset }: Tensor): NdArray<Tensor['data']> {
  return ndarray(data, [...shape], [...strides], offset);
}

/** A tensor over the data of an `ndarray`, whose element type it has. */
export function fromNdarray(array: NdArray<Tensor['data']>, dtype: Tensor['dtype']): Tensor {
  return { dtype, shape: array.shape, strides: array.stride, offset: array.offset, data: array.data };
}
