import { problemOf } from '../../generators/problem.js';
import { tensorsOf } from '../../generators/tensors.js';
import type { Claims } from '../../spec/claims/claims.js';
import { expectationOf } from '../../spec/oracle/oracle.js';
import { encodeSafetensors } from '../../spec/tensor/safetensors.js';
import { expectedTensors, outputType } from '../expected/expected-tensors.js';
import type { CallSpec } from '../properties/property.js';

/**
 * The tensors of a call as a safetensors file: its inputs, and for each output X `expected.X` and `bound.X` in float64, the rounding to the
 * output's type included: the case's dtype, for the LSE float32, float64 where the case is float64.
 */
export function vectorFile(claims: Claims, { case: c, command }: CallSpec): Uint8Array {
  const backward = command === 'backward';
  const problem = problemOf(claims, c, backward);
  const expected = expectedTensors(expectationOf(problem, backward), (output) => outputType(c, output), problem.numeric.flushToZero);
  const tensors = { ...tensorsOf(claims, c, command), ...expected };
  return encodeSafetensors(tensors, { case: JSON.stringify(c), pass: command });
}
