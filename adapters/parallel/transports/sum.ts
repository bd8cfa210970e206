import { isShapeOnly, sizeOf, type Tensor, tensor, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';

/** Sums tensors in order: f32 and f64 in their precision, narrower dtypes in f32, rounded once. */
export function sumOf(terms: readonly Tensor[]): Tensor {
  const [first, ...rest] = terms;
  if (isShapeOnly(first)) return first;
  const size = sizeOf(first.shape);
  const total = first.dtype === 'f64' ? new Float64Array(size) : new Float32Array(size);
  total.set(valuesOf(first));
  for (const term of rest) {
    const values = valuesOf(term);
    for (let i = 0; i < size; i++) total[i] += values[i];
  }
  return first.dtype === 'f64' || first.dtype === 'f32'
    ? tensor(first.dtype, first.shape, total)
    : tensorOf(first.dtype, first.shape, total);
}
