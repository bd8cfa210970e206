import { problemOf } from '../../../generators/problem.js';
import { tensorsOf } from '../../../generators/tensors.js';
import type { Claims } from '../../../spec/claims/claims.js';
import { expectationOf } from '../../../spec/oracle/oracle.js';
import { judgedBound } from '../../../spec/oracle/output-bound.js';
import type { Expected } from '../../../spec/problem.js';
import { isFloat } from '../../../spec/tensor/dtype.js';
import { encodeSafetensors } from '../../../spec/tensor/safetensors.js';
import { contiguous, sizeOf, type Tensor, type Tensors, tensor, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Case, FailureTensors, ShownTensors } from '../../../spec/types/documents.js';
import type { CallSpec, Property } from '../../contract/property.js';
import { toJsonNumber } from '../../judging/json-number.js';
import { inBhld } from '../../properties/lib/outputs.js';
import type { ReadBytes } from '../host/answer-data.js';
import { type TensorRecord, unpack } from '../host/wire.js';
import type { FailureTensorFiles } from './judge-protocol.js';

export interface AnsweredFailure {
  readonly case: Case;
  readonly calls: readonly Readonly<Record<string, TensorRecord>>[];
  readonly data: ArrayBuffer | ReadBytes;
  /** Index of the wrong call; undefined if the calls are wrong together. */
  readonly call?: number;
  /** Index of the call with the expected answer; absent: exact values. */
  readonly against?: number;
}

const SHOWN = 32;

interface CallTensors {
  readonly inputs: Tensors;
  readonly expected: Tensors;
  readonly bound: Tensors;
  readonly actual: Tensors;
}

/**
 * Safetensors of a case: inputs, expected values and bounds (float64, with rounding), and the
 * answer, contiguous and bhld, so a failure's index applies. Call n of several has the prefix `n.`.
 */
export function failureTensors(
  claims: Claims,
  property: Property,
  { case: c, calls, data, call, against }: AnsweredFailure,
): FailureTensorFiles {
  const planned = property.calls(c, claims);
  const all = planned.map((spec, i) => tensorsOfCall(claims, spec, calls[i] ? unpack(calls[i], data) : {}));
  const named = (kind: keyof CallTensors): Tensors => {
    const prefixed = all.map((one, i) => Object.entries(one[kind]).map(([name, t]) => [planned.length > 1 ? `${i}.${name}` : name, t]));
    return Object.fromEntries(prefixed.flat());
  };
  const metadata = { case: JSON.stringify(c), property: property.name, layout: 'bhld' };
  const actual = named('actual');
  // a failure of no single call is shown by the case itself
  const wrong = all.length === 1 ? all[0] : call === undefined ? wholeOf(claims, c) : all[call];
  return {
    inputs: encodeSafetensors(named('inputs'), metadata),
    expected: encodeSafetensors(named('expected'), metadata),
    bound: encodeSafetensors(named('bound'), metadata),
    ...(Object.keys(actual).length > 0 && { actual: encodeSafetensors(actual, metadata) }),
    ...(wrong && { shown: shownOf(against === undefined ? wrong : { ...wrong, expected: { ...wrong.expected, ...all[against].actual } }) }),
  };
}

function tensorsOfCall(claims: Claims, { command, case: c }: CallSpec, outputs: Tensors): CallTensors {
  const gradients = command === 'backward';
  const problem = problemOf(claims, c, gradients);
  const inOrder = (tensors: Tensors): Tensors =>
    Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, contiguous(inBhld(problem, name, t, c.layout))]));
  const expected: Tensors = {};
  const bound: Tensors = {};
  for (const [name, output] of Object.entries(expectationOf(problem, gradients).outputs)) {
    expected[name] = tensor('f64', output.shape, output.value);
    bound[name] = tensor('f64', output.shape, boundsOf(output, outputs[name], problem.numeric.flushToZero));
  }
  return { inputs: inOrder(tensorsOf(claims, c, command)), expected, bound, actual: inOrder(outputs) };
}

/** Bounds by which an answer is judged, with its dtype's rounding. */
function boundsOf(expected: Expected, answer: Tensor | undefined, flushToZero: boolean): Float64Array {
  const { value, bound } = expected;
  const dtype = answer?.dtype;
  if (!answer || dtype === undefined || !isFloat(dtype)) return bound;
  const answered = valuesOf(contiguous(answer));
  return bound.map((_, i) => judgedBound(expected, i, Math.abs(answered[i] - value[i]), dtype, flushToZero));
}

function wholeOf(claims: Claims, c: Case): CallTensors | undefined {
  try {
    return tensorsOfCall(claims, { command: 'forward', case: c }, {});
  } catch {
    // e.g. a mask that cannot be given whole
    return undefined;
  }
}

function shownOf({ inputs, expected, actual }: CallTensors): FailureTensors {
  const given = Object.entries(expected).filter(([name]) => Object.keys(actual).length === 0 || actual[name]);
  return { inputs: shown(inputs), expected: shown(Object.fromEntries(given)), actual: shown(actual) };
}

function shown(tensors: Tensors): ShownTensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, { dtype: t.dtype, shape: [...t.shape], ...elements(t) }]));
}

function elements(t: Tensor): Pick<ShownTensors[string], 'values'> {
  return sizeOf(t.shape) > SHOWN ? {} : { values: Array.from(valuesOf(t), toJsonNumber) };
}
