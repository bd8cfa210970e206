import { hashOf, nameHash } from '../../spec/lib/hash.js';
import { type InputFacts, storedType } from '../../spec/operator/facts.js';
import { type CodeFormat, codesOf } from '../../spec/tensor/code-format.js';
import { allocate, type DType, floatFormats, isFloat, type TensorData, type TensorDType } from '../../spec/tensor/dtype.js';
import { decodeAll, decodeInto, encodeAll, roundAll } from '../../spec/tensor/float-bits.js';
import { sizeOf } from '../../spec/tensor/tensor.js';
import type { Case } from '../../spec/types/documents.js';

/** An input as it is stored: layout bhld, row-major, before views and layouts. */
export interface StoredInput {
  readonly dtype: TensorDType;
  readonly shape: readonly number[];
  readonly data: TensorData;
  /** fp8 only: scale of each (b, hk), a power of two. */
  readonly scale?: Float64Array;
  /** Numbers before rounding to storage, if these are meant. */
  readonly exact?: ExactNumbers;
  /**
   * Writes the values of rows to `out`, if rows can be read alone. A copy with other data has no
   * such method.
   */
  readRows?(first: number, count: number, out: Float64Array, at: number): void;
}

/**
 * Numbers of an input in float64, and their error in the implementation; default: by its numeric
 * profile.
 */
interface ExactNumbers {
  readonly value: Float64Array;
  readonly bound?: Float64Array;
}

/**
 * Rounds to storage. fp8 stores q, k and v over a scale per key head, and other inputs in f32, as
 * do inputs that the document stores so.
 */
export function store(
  c: Case,
  name: string,
  shape: readonly number[],
  values: Float64Array,
  facts: Pick<InputFacts, 'kind' | 'stored' | 'format'>,
): StoredInput {
  if (c.views?.[name]?.step === 0) shareFirstEntry(values, shape[0]);
  if (facts.kind === 'boolean') return { dtype: 'bool', shape, data: Uint8Array.from(values) };
  if (facts.kind === 'code') return storedCodes(shape, values, facts.format);
  if (facts.kind === 'index') return { dtype: 'i32', shape, data: Int32Array.from(values) };
  const dtype = storedNumbers(c, name, facts);
  const scale = dtype === 'f8e4m3' || dtype === 'f8e5m2' ? fp8Scales(c, name) : undefined;
  if (scale) divideByHead(values, scale);
  clamp(dtype, values);
  return { dtype, shape, data: encodeAll(dtype, values), scale };
}

/** Type in which the numbers of an input are stored: f32 where the case has fp8, but for q, k and v, which alone have a scale per key head. */
export function storedNumbers(c: Case, name: string, facts: Pick<InputFacts, 'stored'>): DType {
  const own = storedType(facts, c.dtype);
  return (own === 'f8e4m3' || own === 'f8e5m2') && !isMain(name) ? 'f32' : own;
}

/** Codes as they travel: their own bits, in a type of their own. */
function storedCodes(shape: readonly number[], values: Float64Array, format: CodeFormat | undefined): StoredInput {
  const { dtype } = codesOf(format as CodeFormat);
  const data = allocate(dtype, values.length);
  data.set(values);
  return { dtype, shape, data };
}

function fp8Scales(c: Case, name: string): Float64Array {
  return Float64Array.from({ length: c.dims.b * c.dims.hk }, (_, head) => 2 ** -(hashOf(c.values.seed, nameHash(name), head) % 4));
}

function divideByHead(values: Float64Array, scale: Float64Array): void {
  const per = values.length / scale.length;
  for (let i = 0; i < values.length; i++) values[i] /= scale[Math.floor(i / per)];
}

/** A view of stride 0: every batch entry is the first one. */
function shareFirstEntry(values: Float64Array, batch: number): void {
  const size = values.length / batch;
  for (let b = 1; b < batch; b++) values.copyWithin(b * size, 0, size);
}

/** Heavy tails are cut where the format ends; infinities and NaN are poison and stay. */
function clamp(dtype: DType, values: Float64Array): void {
  if (dtype === 'f64') return;
  const { max } = floatFormats[dtype];
  for (let i = 0; i < values.length; i++)
    if (Math.abs(values[i]) > max && Number.isFinite(values[i])) values[i] = Math.sign(values[i]) * max;
}

/** Rounds numbers to a type, and saturates at its largest. */
export function roundToStorage(dtype: DType, values: Float64Array): void {
  clamp(dtype, values);
  roundAll(dtype, values);
}

/** Tells whether an input is one that a distribution has a recipe for, and fp8 a scale. */
export function isMain(name: string): name is 'q' | 'k' | 'v' {
  return name === 'q' || name === 'k' || name === 'v';
}

/** Elements from one place to another along an axis. */
export function slice(input: StoredInput, axis: number, [start, end]: readonly [number, number]): StoredInput {
  const shape = input.shape.map((size, i) => (i === axis ? end - start : size));
  const inner = sizeOf(input.shape.slice(axis + 1));
  const outer = sizeOf(input.shape.slice(0, axis));
  const size = (end - start) * inner;
  const part = <Data extends TensorData>(all: Data, into: Data): Data => {
    for (let x = 0; x < outer; x++) {
      const from = (x * input.shape[axis] + start) * inner;
      into.set(all.subarray(from, from + size), x * size);
    }
    return into;
  };
  const data = part(input.data, allocate(input.dtype, outer * size));
  const { exact } = input;
  if (!exact) return { ...input, shape, data };
  const numbers = (all: Float64Array) => part(all, new Float64Array(outer * size));
  return { ...input, shape, data, exact: { value: numbers(exact.value), ...(exact.bound && { bound: numbers(exact.bound) }) } };
}

/** The values that a stored input stands for. */
export function decoded(input: StoredInput): Float64Array {
  if (input.readRows) {
    const all = new Float64Array(sizeOf(input.shape));
    input.readRows(0, sizeOf(input.shape.slice(0, -1)), all, 0);
    return all;
  }
  if (!isFloat(input.dtype)) return Float64Array.from(input.data as ArrayLike<number>);
  const values = decodeAll(input.dtype, input.data);
  const { scale } = input;
  if (!scale) return values;
  const per = values.length / scale.length;
  return values.map((x, i) => x * scale[Math.floor(i / per)]);
}

/** Writes the values of rows [first, first + count) of a stored input, as long as its last axis, to `out` from `at` on. */
export function decodeRows(input: StoredInput, first: number, count: number, out: Float64Array, at: number): void {
  if (input.readRows) {
    input.readRows(first, count, out, at);
    return;
  }
  const { dtype, shape, data, scale } = input;
  const width = shape[shape.length - 1];
  const rows = data.length / width;
  decodeInto(dtype, data, first * width, count * width, out, at);
  if (!scale) return;
  for (let row = 0; row < count; row++) {
    const factor = scale[Math.floor((first + row) / (rows / scale.length))];
    for (let x = at + row * width; x < at + (row + 1) * width; x++) out[x] *= factor;
  }
}
