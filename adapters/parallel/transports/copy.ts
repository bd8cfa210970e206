import { contiguousData, isShapeOnly, type Tensor, tensor } from '../../../spec/tensor/tensor.js';

/** The same elements in memory of their own, and nothing else in it. */
export function copyOf(t: Tensor): Tensor {
  if (isShapeOnly(t)) return t;
  return tensor(t.dtype, t.shape, contiguousData(t).slice());
}
