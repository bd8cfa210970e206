import { problemOf } from '../../generators/problem.js';
import { tensorsOf } from '../../generators/tensors.js';
import type { Claims } from '../../spec/claims/claims.js';
import { expectedTensors, outputType } from '../../spec/oracle/expected-tensors.js';
import { expectationOf } from '../../spec/oracle/oracle.js';
import { safetensorsParts } from '../../spec/tensor/safetensors.js';
import type { Tensors } from '../../spec/tensor/tensor.js';
import type { CallSpec } from '../contract/property.js';

/** Parts of a safetensors file with a call's inputs and, if asked, expected outputs. */
export function vectorParts(claims: Claims, call: CallSpec, withExpected: boolean): Uint8Array[] {
  const { case: c, command } = call;
  const tensors = { ...tensorsOf(claims, c, command), ...(withExpected && expectedOf(claims, call)) };
  return safetensorsParts(tensors, { case: JSON.stringify(c), pass: command });
}

function expectedOf(claims: Claims, { case: c, command }: CallSpec): Tensors {
  const backward = command === 'backward';
  const problem = problemOf(claims, c, backward);
  return expectedTensors(expectationOf(problem, backward), (output) => outputType(c, output), problem.numeric.flushToZero);
}
