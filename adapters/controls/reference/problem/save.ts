import type { TensorDType } from '../../../../spec/tensor/dtype.js';
import { contiguousData, type Tensor, tensor, tensorOf, transpose } from '../../../../spec/tensor/tensor.js';
import type { Layout } from '../../../../spec/types/documents.js';
import type { Numbers } from '../arithmetic/arithmetic.js';
import { orderOf } from './layout.js';

/** Converts values in bhld order to a contiguous tensor of a layout; thd has no batch axis. */
export function save(dtype: TensorDType, shape: readonly number[], values: Numbers, layout: Layout = 'bhld'): Tensor {
  if (layout === 'bhld') return tensorOf(dtype, shape, values);
  const swapped = transpose(tensor('f64', shape, values), orderOf(layout));
  return tensorOf(dtype, layout === 'thd' ? swapped.shape.slice(1) : swapped.shape, contiguousData(swapped));
}
