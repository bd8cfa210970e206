import type { FullCapabilities } from '../../adapters/capabilities.js';
import { problemOf } from '../../generators/problem.js';
import { tensorsOf } from '../../generators/tensors.js';
import type { SpecLibrary } from '../../spec/library.js';
import { expectationOf } from '../../spec/oracle/oracle.js';
import { encodeSafetensors } from '../../spec/tensor/safetensors.js';
import { type Tensors, tensor } from '../../spec/tensor/tensor.js';
import type { Case } from '../../spec/types/documents.js';
import type { Property } from '../properties/property.js';
import type { Explanation } from './judge-protocol.js';
import { type TensorRecord, unpack } from './wire.js';

export interface ToExplain {
  readonly case: Case;
  /** Outputs of the calls that were answered. */
  readonly calls: readonly Readonly<Record<string, TensorRecord>>[];
  readonly data: ArrayBuffer;
}

/**
 * The tensors of a case as safetensors files: what the kernel was given, what was expected of it and within what bound (float64, before the
 * output is rounded), and what it answered. Of a property with several calls, those of call n carry the prefix `n.`.
 */
export function explain(
  library: SpecLibrary,
  capabilities: FullCapabilities,
  property: Property,
  { case: c, calls, data }: ToExplain,
): Explanation {
  const inputs: Tensors = {};
  const expected: Tensors = {};
  const bound: Tensors = {};
  const actual: Tensors = {};
  const planned = property.calls(c, capabilities);
  for (const [i, { command, case: own }] of planned.entries()) {
    const prefix = planned.length > 1 ? `${i}.` : '';
    const gradients = command === 'backward';
    const put = (into: Tensors, from: Tensors) => {
      for (const [name, t] of Object.entries(from)) into[prefix + name] = t;
    };
    put(inputs, tensorsOf(library, own, capabilities, command));
    const { outputs } = expectationOf(problemOf(library, own, capabilities, gradients), gradients);
    for (const [name, output] of Object.entries(outputs)) {
      expected[prefix + name] = tensor('f64', output.shape, output.value);
      bound[prefix + name] = tensor('f64', output.shape, output.bound);
    }
    if (calls[i]) put(actual, unpack(calls[i], data));
  }
  const metadata = { case: JSON.stringify(c), property: property.name };
  return {
    inputs: encodeSafetensors(inputs, metadata),
    expected: encodeSafetensors(expected, metadata),
    bound: encodeSafetensors(bound, metadata),
    ...(Object.keys(actual).length > 0 && { actual: encodeSafetensors(actual, metadata) }),
  };
}
