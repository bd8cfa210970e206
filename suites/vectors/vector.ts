import { problemOf } from '../../generators/problem.js';
import { tensorsOf } from '../../generators/tensors.js';
import type { Claims } from '../../spec/claims/claims.js';
import { expectationOf } from '../../spec/oracle/oracle.js';
import { safetensorsParts } from '../../spec/tensor/safetensors.js';
import type { Tensors } from '../../spec/tensor/tensor.js';
import type { CallSpec } from '../contract/property.js';
import { expectedTensors, outputType } from '../expected/expected-tensors.js';

/** The tensors of a call as a safetensors file in parts: its inputs and, where it is asked, what is expected of its outputs. */
export function vectorParts(claims: Claims, call: CallSpec, withExpected: boolean): Uint8Array[] {
  const { case: c, command } = call;
  const tensors = { ...tensorsOf(claims, c, command), ...(withExpected && expectedOf(claims, call)) };
  return safetensorsParts(tensors, { case: JSON.stringify(c), pass: command });
}

/**
 * For each output X `expected.X` and `bound.X` in float64, the rounding to the output's type included: the case's dtype, for the LSE float32, float64
 * where the case is float64.
 */
function expectedOf(claims: Claims, { case: c, command }: CallSpec): Tensors {
  const backward = command === 'backward';
  const problem = problemOf(claims, c, backward);
  return expectedTensors(expectationOf(problem, backward), (output) => outputType(c, output), problem.numeric.flushToZero);
}
