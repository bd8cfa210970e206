import type { Expected } from '../problem.js';
import { codesOf } from '../tensor/code-format.js';
import { allocate } from '../tensor/dtype.js';
import { type Tensor, tensor, tensorOf } from '../tensor/tensor.js';
import type { Dims, DType, Operator } from '../types/documents.js';
import { codeOf, setOf } from './facts.js';

/** Indices of a set in a kernel's form: int32, then -1 in unused slots; tied ones come last. */
function placesOf({ shape, value, bound }: Pick<Expected, 'shape' | 'value'> & Partial<Expected>, slots: number): Tensor {
  const places = shape[shape.length - 1];
  const rows = value.length / places;
  const data = new Int32Array(rows * slots).fill(-1);
  for (let row = 0; row < rows; row++) {
    const chosen = Array.from({ length: places }, (_, place) => place).filter((place) => value[row * places + place] !== 0);
    const isOpen = (place: number) => ((bound?.[row * places + place] ?? 0) > 0 ? 1 : 0);
    data.set(chosen.sort((x, y) => isOpen(x) - isOpen(y)).slice(0, slots), row * slots);
  }
  return tensor('i32', [...shape.slice(0, -1), slots], data);
}

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
