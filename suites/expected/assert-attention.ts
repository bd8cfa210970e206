import { createLibrary } from '../../spec/library.js';
import type { Device } from '../../spec/numeric/named.js';
import { plainOperator } from '../../spec/operators/plain.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { TensorData } from '../../spec/tensor/dtype.js';
import { sizeOf, type Tensors, tensor } from '../../spec/tensor/tensor.js';
import type { Dialect, DType, Layout, Mask, Operator } from '../../spec/types/documents.js';
import { UsageError } from '../lib/usage-error.js';
import { judgeOnDevice, numericsNamed } from './by-numerics.js';
import { described, type Verdict, verdictOf } from './described.js';
import type { OwnProblem } from './own-problem.js';
import { judgeSampled } from './sampled.js';

/** Tensor of a test: row-major elements. f16, bf16 and fp8 are bits, and name their dtype. */
export interface TensorLike {
  readonly shape: readonly number[];
  readonly data: TensorData;
  /** By default that of the array: f32, f64, i32. */
  readonly dtype?: DType | 'i32' | 'bool';
}

/** A call of softmax attention, or of another operator by the names of its document. */
export interface AttentionCall {
  readonly operator?: string;
  /** Name of a mask, or its document; a boolean tensor keeps where it is 1. */
  readonly mask?: string | Mask | TensorLike;
  readonly layout?: Layout;
  readonly dialect?: Dialect;
  /** Name of a numeric profile. By default the widest one of the device and dtype. */
  readonly numerics?: string;
  readonly device?: Device;
  /** Judges every element of large tensors too. */
  readonly whole?: boolean;
  /** Inputs and cotangents, such as q, k, v, bias, sink and do; numbers are options, such as scale. */
  readonly [input: string]: TensorLike | number | string | boolean | Mask | Dialect | undefined;
}

/** Verdict on the outputs of a call, and its text. */
export interface AttentionVerdict {
  readonly passed: boolean;
  readonly text: string;
}

const settings = ['operator', 'mask', 'layout', 'dialect', 'numerics', 'device', 'whole'];

let library: SpecLibrary | undefined;

/**
 * Judges outputs by an error bound for each element. @param outputs the output o, or outputs and
 * gradients by name. @throws {UsageError | DocumentError} if they contradict each other.
 */
export function explainAttention(outputs: TensorLike | Readonly<Record<string, TensorLike>>, call: AttentionCall): AttentionVerdict {
  const own = problemOfCall(outputs, call);
  const { numerics, device = 'cpu', whole = false } = call;
  const verdict: Verdict = numerics === undefined ? judgeOnDevice(own, device, whole) : { ...judgeSampled(own, whole), numerics };
  if (verdict.judged.length === 0)
    throw new UsageError(`no output to judge: ${own.operator.name} gives ${Object.keys(own.operator.outputs).join(', ')}`);
  return { passed: verdictOf(verdict) === 'pass', text: described(verdict).join('\n') };
}

/**
 * Throws if an element of an output lies outside its error bound, or if too many have none: `assertAttention(o, { q, k, v,
 * mask: 'causal' })`. @throws {Error} with what is wrong and what explains it.
 */
export function assertAttention(outputs: TensorLike | Readonly<Record<string, TensorLike>>, call: AttentionCall): void {
  const { passed, text } = explainAttention(outputs, call);
  if (!passed) throw new Error(text);
}

function problemOfCall(outputs: TensorLike | Readonly<Record<string, TensorLike>>, call: AttentionCall): OwnProblem {
  library ??= createLibrary();
  const operator = library.operators.get(call.operator ?? plainOperator.name);
  if (!operator) throw new UsageError(`operator: unknown operator "${call.operator}"`);
  const given = isTensor(outputs) ? { o: outputs } : outputs;
  const inputs = Object.entries(call).filter(([name]) => !settings.includes(name));
  const numbers = inputs.filter((entry): entry is [string, number] => typeof entry[1] === 'number');
  const tensors = inputs.filter((entry): entry is [string, TensorLike] => isTensor(entry[1]));
  const { mask } = call;
  return {
    library,
    operator,
    tensors: tensorsOf({ ...Object.fromEntries(tensors), ...given, ...(isTensor(mask) && { mask: { dtype: 'bool', ...mask } }) }),
    layout: call.layout ?? 'bhld',
    mask: typeof mask === 'string' ? { name: mask } : mask === undefined || isTensor(mask) ? usualMask(operator) : mask,
    options: Object.fromEntries(numbers),
    dialect: call.dialect ?? {},
    numeric: call.numerics === undefined ? undefined : numericsNamed(call.numerics).numeric,
  };
}

function usualMask({ masks }: Operator): Mask {
  return { name: Array.isArray(masks) ? masks[0] : 'full' };
}

function isTensor(value: unknown): value is TensorLike {
  return typeof value === 'object' && value !== null && 'data' in value && 'shape' in value;
}

function tensorsOf(named: Readonly<Record<string, TensorLike>>): Tensors {
  return Object.fromEntries(
    Object.entries(named).map(([name, { dtype, shape, data }]) => {
      if (data.length !== sizeOf(shape))
        throw new UsageError(`${name}: found ${data.length} elements, must be ${sizeOf(shape)} of shape [${shape}]`);
      return [name, tensor(dtype ?? dtypeOf(name, data), shape, data)];
    }),
  );
}

function dtypeOf(name: string, data: TensorData): DType | 'i32' {
  if (data instanceof Float32Array) return 'f32';
  if (data instanceof Float64Array) return 'f64';
  if (data instanceof Int32Array) return 'i32';
  throw new UsageError(`${name}: ${data.constructor.name} does not tell the dtype; add dtype, such as 'f16' or 'bf16'`);
}
