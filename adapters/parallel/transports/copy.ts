import { contiguousData, isShapeOnly, type Tensor, tensor } from '../../../spec/tensor/tensor.js';

/** Copies the elements to a buffer that holds nothing else. Shape-only tensors are returned as they are. */
export function copyOf(t: Tensor): Tensor {
  if (isShapeOnly(t)) return t;
  return tensor(t.dtype, t.shape, contiguousData(t).slice());
}
