import type { Expectation } from '../problem.js';
import { type Tensors, tensor } from '../tensor/tensor.js';
import type { Case, DType } from '../types/documents.js';
import { storedBound } from './output-bound.js';

/** Storage dtype of an output: the case's; for the LSE float32, unless the case is float64. */
export function outputType({ dtype }: Pick<Case, 'dtype'>, output: string): DType {
  return output === 'lse' && dtype !== 'f64' ? 'f32' : dtype;
}

/** `expected.X` and `bound.X` in float64 for outputs X in bhld; bounds include rounding. */
export function expectedTensors({ outputs }: Expectation, typeOf: (output: string) => DType, flushToZero: boolean): Tensors {
  const tensors: Tensors = {};
  for (const [name, { shape, value, bound }] of Object.entries(outputs)) {
    const dtype = typeOf(name);
    tensors[`expected.${name}`] = tensor('f64', shape, value);
    tensors[`bound.${name}`] = tensor(
      'f64',
      shape,
      value.map((x, i) => storedBound(x, bound[i], dtype, flushToZero)),
    );
  }
  return tensors;
}
