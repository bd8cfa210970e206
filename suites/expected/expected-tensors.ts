import { storedBound } from '../../spec/oracle/output-bound.js';
import type { Expectation } from '../../spec/problem.js';
import { type Tensors, tensor } from '../../spec/tensor/tensor.js';
import type { Case, DType } from '../../spec/types/documents.js';

/** The type in which an output of a case is stored: the case's, for the LSE float32, or float64 where the case is float64. */
export function outputType({ dtype }: Pick<Case, 'dtype'>, output: string): DType {
  return output === 'lse' && dtype !== 'f64' ? 'f32' : dtype;
}

/**
 * `expected.X` and `bound.X` in float64 for each output X, in layout bhld, the rounding to X's type included in the bound.
 * @param typeOf the type in which an output is stored. @param flushToZero subnormal outputs may be zero.
 */
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
