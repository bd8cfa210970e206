import { hashOf, nameHash } from '../../spec/lib/hash.js';
import { type InputFacts, storedType } from '../../spec/operator/facts.js';
import { type CodeFormat, codesOf } from '../../spec/tensor/code-format.js';
import { allocate, type DType, floatFormats, isFloat, type TensorData, type TensorDType } from '../../spec/tensor/dtype.js';
import { decodeAll, decodeInto, encodeAll, roundAll } from '../../spec/tensor/float-bits.js';
import { sizeOf } from '../../spec/tensor/tensor.js';
import type { Case } from '../../spec/types/documents.js';

/** Stored input: layout bhld, row-major, before views and layouts. */
export interface StoredInput {
  readonly dtype: TensorDType;
  readonly shape: readonly number[];
  readonly data: TensorData;
  /** Scales [b, hk] of fp8, each a power of two. */
  readonly scale?: Float64Array;
  /** Numbers before rounding, if the oracle uses these. */
  readonly exact?: ExactNumbers;
  /** Writes rows to `out` without `data`. A copy with other data lacks this method. */
  readRows?(first: number, count: number, out: Float64Array, at: number): void;
}

/** Numbers of an input in float64, and error bounds; the numeric profile gives absent bounds. */
interface ExactNumbers {
  readonly value: Float64Array;
  readonly bound?: Float64Array;
}

/** Rounds values to storage. An fp8 case scales q, k and v per key head; the rest is f32. */
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

/** Storage type of an input's numbers. In an fp8 case, only q, k and v are fp8. */
export function storedNumbers(c: Case, name: string, facts: Pick<InputFacts, 'stored'>): DType {
  const own = storedType(facts, c.dtype);
  return (own === 'f8e4m3' || own === 'f8e5m2') && !isMain(name) ? 'f32' : own;
}

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

function shareFirstEntry(values: Float64Array, batch: number): void {
  const size = values.length / batch;
  for (let b = 1; b < batch; b++) values.copyWithin(b * size, 0, size);
}

/** Clips finite numbers to the format; infinities and NaN are poison and stay. */
function clamp(dtype: DType, values: Float64Array): void {
  if (dtype === 'f64') return;
  const { max } = floatFormats[dtype];
  for (let i = 0; i < values.length; i++)
    if (Math.abs(values[i]) > max && Number.isFinite(values[i])) values[i] = Math.sign(values[i]) * max;
}

/** Rounds numbers to a type, after clipping them to its largest. */
export function roundToStorage(dtype: DType, values: Float64Array): void {
  clamp(dtype, values);
  roundAll(dtype, values);
}

/** True for q, k and v, which have recipes and fp8 scales. */
export function isMain(name: string): name is 'q' | 'k' | 'v' {
  return name === 'q' || name === 'k' || name === 'v';
}

/** Elements [start, end) along an axis. */
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

/** Values of a stored input. */
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

/** Writes the values of rows [first, first + count) to `out` from `at` on. */
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
