import type { Tensor } from '../../adapters/adapter.js';

// Numbers as tensors hold them, in f32 and in simulated bf16 and f16, as a stranger would write it.

const word = new Float32Array(1);
const bits = new Uint32Array(word.buffer);

function fromBf16(x: number): number {
  bits[0] = x << 16;
  return word[0];
}

function toBf16(x: number): number {
  word[0] = x;
  if (Number.isNaN(x)) return 0x7fc0;
  return ((bits[0] + 0x7fff + ((bits[0] >>> 16) & 1)) >>> 16) & 0xffff;
}

function fromF16(x: number): number {
  const sign = x & 0x8000 ? -1 : 1;
  const exponent = (x >>> 10) & 31;
  const fraction = x & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

function toF16(x: number): number {
  if (Number.isNaN(x)) return 0x7e00;
  const sign = x < 0 || Object.is(x, -0) ? 0x8000 : 0;
  const a = Math.abs(x);
  if (a >= 65520) return sign | 0x7c00;
  const exponent = a === 0 ? -14 : Math.max(-14, Math.floor(Math.log2(a)));
  const scaled = a / 2 ** (exponent - 10);
  let n = Math.floor(scaled);
  if (scaled - n > 0.5 || (scaled - n === 0.5 && n % 2 === 1)) n++;
  return sign | ((exponent + 14) * 1024 + n);
}

export type DType = 'f32' | 'bf16' | 'f16';
export const decode = { f32: (x: number) => x, bf16: fromBf16, f16: fromF16 };
export const encode = { f32: Math.fround, bf16: toBf16, f16: toF16 };

/** The numbers of a contiguous tensor. */
export function read(t: Tensor): Float32Array {
  return Float32Array.from(t.data as ArrayLike<number>, decode[t.dtype as DType] ?? ((x: number) => x));
}

/** A contiguous tensor. */
export function write(dtype: DType, shape: readonly number[], values: Float32Array): Tensor {
  const data = dtype === 'f32' ? values : Uint16Array.from(values, encode[dtype]);
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  return { dtype, shape, strides, offset: 0, data };
}
