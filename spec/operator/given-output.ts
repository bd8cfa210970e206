import type { Expected } from '../problem.js';
import { codesOf } from '../tensor/code-format.js';
import { allocate } from '../tensor/dtype.js';
import { type Tensor, tensor, tensorOf } from '../tensor/tensor.js';
import type { Dims, DType, Operator } from '../types/documents.js';
import { codeOf, setOf } from './facts.js';
import { placesOf } from './places-of.js';

/** Program output in a kernel's form: a set as indices, codes as stored, numbers in a dtype. */
export function givenOutput(
  operator: Operator,
  name: string,
  output: Pick<Expected, 'shape' | 'value'> & Partial<Expected>,
  dims: Dims,
  dtype: DType,
): Tensor {
  const set = setOf(operator, name);
  if (set) return placesOf(output, dims[set.slots]);
  const format = codeOf(operator, name);
  if (!format || format === 'f16' || format === 'f32') return tensorOf(format ?? dtype, output.shape, output.value);
  const { dtype: bits } = codesOf(format);
  const data = allocate(bits, output.value.length);
  data.set(output.value);
  return tensor(bits, output.shape, data);
}
