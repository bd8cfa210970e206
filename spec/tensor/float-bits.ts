import { allocate, type DType, type FloatFormat, floatFormats, type TensorData, type TensorDType } from './dtype.js';

const word = new Float32Array(1);
const wordBits = new Uint32Array(word.buffer);

/** Bits of the nearest bfloat16, via float32, ties to even. */
function toBf16(x: number): number {
  word[0] = x;
  const bits = wordBits[0];
  if (x !== x) return ((bits >>> 16) | 0x40) & 0xffff;
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

/** Bits of the nearest binary16, via float32, ties to even. */
function toF16(x: number): number {
  word[0] = x;
  const bits = wordBits[0];
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // 65520 and above round to infinity
  if (magnitude < 0x38800000) {
    // subnormal: adding 0.5 aligns the significand, so that hardware rounds to a multiple of 2^-24
    word[0] = Math.abs(x) + 0.5;
    return sign | (wordBits[0] - 0x3f000000);
  }
  const rebased = magnitude - 0x38000000;
  return sign | ((rebased + 0xfff + ((rebased >>> 13) & 1)) >>> 13);
}

function fill(table: Float32Array, f: FloatFormat, exponentBits: number, infinities: boolean): void {
  const top = 2 ** exponentBits - 1;
  const fractions = 2 ** f.mantissa;
  const negative = table.length / 2;
  for (let exponent = 0, bits = 0; exponent <= top; exponent++) {
    const power = 2 ** (exponent - 1 + f.minExponent);
    for (let fraction = 0; fraction < fractions; fraction++, bits++) {
      let value = exponent === 0 ? fraction * f.smallestSubnormal : (1 + fraction / fractions) * power;
      if (exponent === top && infinities) value = fraction === 0 ? Infinity : NaN;
      else if (exponent === top && fraction === fractions - 1) value = NaN;
      table[bits] = value;
      table[negative + bits] = Number.isNaN(value) ? NaN : -value;
    }
  }
}

const exponentBits: Partial<Record<DType, number>> = { f16: 5, bf16: 8, f8e4m3: 4, f8e5m2: 5 };
const tables = new Map<DType, Float32Array>();

/** Values of all bit patterns of a 16- or 8-bit format. */
export function decodeTable(dtype: DType): Float32Array {
  let table = tables.get(dtype);
  if (!table) {
    const f = floatFormats[dtype];
    const e = exponentBits[dtype];
    if (e === undefined) throw new TypeError(`${dtype} has no table of values`);
    table = new Float32Array(2 ** (1 + e + f.mantissa));
    fill(table, f, e, dtype !== 'f8e4m3');
    tables.set(dtype, table);
  }
  return table;
}

/** Bits of the nearest 8-bit value, ties to even; overflow gives NaN (f8e4m3) or infinity. */
function toF8(dtype: 'f8e4m3' | 'f8e5m2', x: number): number {
  const f = floatFormats[dtype];
  const sign = x < 0 || Object.is(x, -0) ? 0x80 : 0;
  const a = Math.abs(x);
  const nan = dtype === 'f8e4m3' ? 0x7f : 0x7e;
  const overflow = sign | (dtype === 'f8e4m3' ? 0x7f : 0x7c);
  if (a !== a) return nan;
  if (a === Infinity) return overflow;
  if (a === 0) return sign;
  const exponent = Math.max(Math.floor(Math.log2(a)), f.minExponent);
  const scaled = a / 2 ** (exponent - f.mantissa);
  let n = Math.floor(scaled);
  const rest = scaled - n;
  if (rest > 0.5 || (rest === 0.5 && n % 2 === 1)) n++;
  if (n * 2 ** (exponent - f.mantissa) > f.max) return overflow;
  // a carry out of n moves to the next exponent by itself
  return sign | ((exponent - f.minExponent) * 2 ** f.mantissa + n);
}

export function encode(dtype: DType, x: number): number {
  switch (dtype) {
    case 'f64':
      return x;
    case 'f32':
      return Math.fround(x);
    case 'f16':
      return toF16(x);
    case 'bf16':
      return toBf16(x);
    default:
      return toF8(dtype, x);
  }
}

/** Nearest value of the format (through float32 for narrow formats). */
export function roundTo(dtype: DType, x: number): number {
  if (dtype === 'f64') return x;
  if (dtype === 'f32') return Math.fround(x);
  return decodeTable(dtype)[encode(dtype, x)];
}

/** Rounds values to a format, in place. */
export function roundAll(dtype: DType, values: Float64Array): void {
  if (dtype === 'f64') return;
  if (dtype === 'f32') for (let i = 0; i < values.length; i++) values[i] = Math.fround(values[i]);
  else if (dtype === 'bf16') for (let i = 0, table = decodeTable(dtype); i < values.length; i++) values[i] = table[toBf16(values[i])];
  else if (dtype === 'f16') for (let i = 0, table = decodeTable(dtype); i < values.length; i++) values[i] = table[toF16(values[i])];
  else for (let i = 0; i < values.length; i++) values[i] = roundTo(dtype, values[i]);
}

/** Copies values, rounded to a format. */
export function roundedTo(dtype: DType, values: Float64Array): Float64Array {
  const near = values.slice();
  roundAll(dtype, near);
  return near;
}

/** Values of an array in float64; booleans become 0 and 1. */
export function decodeAll(dtype: TensorDType, data: TensorData): Float64Array {
  if (dtype === 'f16' || dtype === 'bf16' || dtype === 'f8e4m3' || dtype === 'f8e5m2') {
    const table = decodeTable(dtype);
    const out = new Float64Array(data.length);
    for (let i = 0; i < out.length; i++) out[i] = table[data[i]];
    return out;
  }
  return data instanceof Float64Array ? data : new Float64Array(data);
}

/** Decodes `count` elements from `from` to `out` at `at`. */
export function decodeInto(dtype: TensorDType, data: TensorData, from: number, count: number, out: Float64Array, at: number): void {
  if (dtype === 'f16' || dtype === 'bf16' || dtype === 'f8e4m3' || dtype === 'f8e5m2') {
    const table = decodeTable(dtype);
    for (let i = 0; i < count; i++) out[at + i] = table[data[from + i]];
    return;
  }
  for (let i = 0; i < count; i++) out[at + i] = data[from + i];
}

/** Values rounded to the element type, as it is stored. */
export function encodeAll(dtype: TensorDType, values: ArrayLike<number>, out: TensorData = allocate(dtype, values.length)): TensorData {
  const n = values.length;
  if (dtype === 'f16') for (let i = 0; i < n; i++) out[i] = toF16(values[i]);
  else if (dtype === 'bf16') for (let i = 0; i < n; i++) out[i] = toBf16(values[i]);
  else if (dtype === 'f8e4m3' || dtype === 'f8e5m2') for (let i = 0; i < n; i++) out[i] = toF8(dtype, values[i]);
  else out.set(values);
  return out;
}
