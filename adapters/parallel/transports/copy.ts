import { contiguousData, isShapeOnly, type Tensor, tensor } from '../../../spec/tensor/tensor.js';

/** Copies the elements to a separate buffer. Returns shape-only tensors unchanged. */
export function copyOf(t: Tensor): Tensor {
  if (isShapeOnly(t)) return t;
  return tensor(t.dtype, t.shape, contiguousData(t).slice());
}
