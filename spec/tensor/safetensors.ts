import { DocumentError } from '../lib/document-error.js';
import { parseJson } from '../lib/json.js';
import { arrayOn, bytesOf, type TensorDType } from './dtype.js';
import { contiguousData, sizeOf, type Tensor, type Tensors, tensor } from './tensor.js';

// https://github.com/huggingface/safetensors#format: 8 bytes of header length, a JSON header, the
// tensors; all little-endian, as typed arrays are everywhere.

const names: Record<TensorDType, string> = {
  f64: 'F64',
  f32: 'F32',
  f16: 'F16',
  bf16: 'BF16',
  f8e4m3: 'F8_E4M3',
  f8e5m2: 'F8_E5M2',
  i32: 'I32',
  i8: 'I8',
  u8: 'U8',
  bool: 'BOOL',
};
const dtypes = new Map(Object.entries(names).map(([dtype, name]) => [name, dtype as TensorDType]));

/** Longest header, as in the format's own implementation. */
const longestHeader = 100_000_000;

export interface SafetensorsFile {
  readonly tensors: Tensors;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Malformed safetensors file. */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';
}

/** Encodes tensors as a safetensors file. */
export function encodeSafetensors(tensors: Tensors, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const parts = safetensorsParts(tensors, metadata);
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Parts of a safetensors file: header, then each tensor, copied only if it has gaps. */
export function safetensorsParts(tensors: Tensors, metadata: Readonly<Record<string, string>> = {}): Uint8Array[] {
  const header: [string, unknown][] = Object.keys(metadata).length > 0 ? [['__metadata__', metadata]] : [];
  // widest types first: aligned without gaps, which the format forbids
  const order = Object.entries(tensors).sort(([, a], [, b]) => bytesOf(b.dtype) - bytesOf(a.dtype));
  let length = 0;
  for (const [name, t] of order) {
    const end = length + sizeOf(t.shape) * bytesOf(t.dtype);
    header.push([name, { dtype: names[t.dtype], shape: [...t.shape], data_offsets: [length, end] }]);
    length = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const head = new Uint8Array(8 + Math.ceil(json.length / 8) * 8);
  new DataView(head.buffer).setBigUint64(0, BigInt(head.length - 8), true);
  head.fill(0x20, 8);
  head.set(json, 8);
  const data = order.map(([, t]) => {
    const { buffer, byteOffset, byteLength } = contiguousData(t);
    return new Uint8Array(buffer, byteOffset, byteLength);
  });
  return [head, ...data];
}

/** Decodes a safetensors file. @throws {SafetensorsError} if it is malformed. */
export function decodeSafetensors(bytes: Uint8Array): SafetensorsFile {
  // a copy, since typed arrays need aligned offsets
  return readSafetensors(bytes.length, (begin, end) => new Uint8Array(bytes.subarray(begin, end)));
}

/** Reads a safetensors file tensor by tensor. @throws {SafetensorsError} if it is malformed. */
export function readSafetensors(size: number, read: (begin: number, end: number) => Uint8Array<ArrayBuffer>): SafetensorsFile {
  const [header, start] = readHeader(size, read);
  const available = size - start;
  let metadata: Record<string, string> = {};
  const entries: [name: string, entry: Entry][] = [];
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') metadata = readMetadata(entry);
    else entries.push([name, readEntry(name, entry, available)]);
  }
  checkCoverage(
    entries.map(([, { begin, end }]) => [begin, end]),
    available,
  );
  const tensors: Tensors = {};
  for (const [name, { dtype, shape, begin, end }] of entries) {
    const data = read(start + begin, start + end);
    define(tensors, name, tensor(dtype, shape, arrayOn(dtype, data.buffer, 0, sizeOf(shape))));
  }
  return { tensors, metadata };
}

/** Assigns any name, even `__proto__`. */
function define(tensors: Tensors, name: string, value: Tensor): void {
  Object.defineProperty(tensors, name, { value, enumerable: true, writable: true, configurable: true });
}

function readHeader(size: number, read: (begin: number, end: number) => Uint8Array<ArrayBuffer>): [Record<string, unknown>, number] {
  if (size < 8) throw new SafetensorsError(`${size} bytes are too few for a header`);
  const claimed = new DataView(read(0, 8).buffer).getBigUint64(0, true);
  if (claimed > BigInt(Math.min(size - 8, longestHeader))) {
    throw new SafetensorsError(`the header claims ${claimed} bytes, but only ${size - 8} follow`);
  }
  const start = 8 + Number(claimed);
  let header: unknown;
  try {
    header = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(read(8, start)), 'the header');
  } catch (error) {
    throw new SafetensorsError(error instanceof DocumentError ? error.message : `the header is not text: ${(error as Error).message}`);
  }
  if (!isRecord(header)) throw new SafetensorsError('the header is not an object');
  return [header, start];
}

function readMetadata(value: unknown): Record<string, string> {
  if (!isRecord(value) || Object.values(value).some((v) => typeof v !== 'string')) {
    throw new SafetensorsError('__metadata__ is not an object of strings');
  }
  return value as Record<string, string>;
}

interface Entry {
  readonly dtype: TensorDType;
  readonly shape: number[];
  readonly begin: number;
  readonly end: number;
}

function readEntry(name: string, entry: unknown, available: number): Entry {
  const bad = (problem: string) => new SafetensorsError(`tensor ${JSON.stringify(name)}: ${problem}`);
  if (!isRecord(entry)) throw bad('its entry is not an object');
  const dtype = typeof entry.dtype === 'string' ? dtypes.get(entry.dtype) : undefined;
  if (!dtype) throw bad(`dtype ${JSON.stringify(entry.dtype)}, allowed: ${[...dtypes.keys()].join(', ')}`);
  const { shape, data_offsets: offsets } = entry;
  if (!isSizes(shape)) throw bad(`shape ${JSON.stringify(shape)} is not a list of sizes`);
  if (!isSizes(offsets) || offsets.length !== 2) throw bad(`data_offsets ${JSON.stringify(offsets)} is not a pair of offsets`);
  const [begin, end] = offsets;
  if (begin > end || end > available) throw bad(`data_offsets [${begin}, ${end}] do not lie in the ${available} bytes of data`);
  const size = sizeOf(shape) * bytesOf(dtype);
  if (size !== end - begin) throw bad(`shape [${shape}] of ${names[dtype]} needs ${size} bytes, but data_offsets hold ${end - begin}`);
  return { dtype, shape, begin, end };
}

function checkCoverage(ranges: [number, number][], available: number): void {
  let at = 0;
  for (const [begin, end] of ranges.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    if (begin !== at)
      throw new SafetensorsError(`tensors ${begin < at ? 'overlap' : 'leave a gap'} at byte ${Math.min(begin, at)} of the data`);
    at = end;
  }
  if (at !== available) throw new SafetensorsError(`${available - at} bytes at the end belong to no tensor`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}
