import { problemOf } from '../../generators/problem.js';
import { tensorsOf } from '../../generators/tensors.js';
import type { Claims } from '../../spec/claims/claims.js';
import { expectationOf } from '../../spec/oracle/oracle.js';
import { storedBound } from '../../spec/oracle/output-bound.js';
import { encodeSafetensors } from '../../spec/tensor/safetensors.js';
import { type Tensors, tensor } from '../../spec/tensor/tensor.js';
import type { DType } from '../../spec/types/documents.js';
import type { CallSpec } from '../properties/property.js';

/**
 * The tensors of a call as a safetensors file: its inputs, and for each output X `expected.X` and `bound.X` in float64, the rounding to the
 * output's type included: the case's dtype, for the LSE float32, float64 where the case is float64.
 */
export function vectorFile(claims: Claims, { case: c, command }: CallSpec): Uint8Array {
  const backward = command === 'backward';
  const problem = problemOf(claims, c, backward);
  const tensors: Tensors = { ...tensorsOf(claims, c, command) };
  for (const [name, { shape, value, bound }] of Object.entries(expectationOf(problem, backward).outputs)) {
    const dtype: DType = name === 'lse' ? (c.dtype === 'f64' ? 'f64' : 'f32') : c.dtype;
    tensors[`expected.${name}`] = tensor('f64', shape, value);
    tensors[`bound.${name}`] = tensor(
      'f64',
      shape,
      value.map((x, i) => storedBound(x, bound[i], dtype, false)),
    );
  }
  return encodeSafetensors(tensors, { case: JSON.stringify(c), pass: command });
}
