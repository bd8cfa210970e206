import type { DType } from '../types/documents.js';

export type { DType } from '../types/documents.js';
/** Element types: floats, and types of masks, tables and stored codes. */
export const tensorDTypes = ['f64', 'f32', 'f16', 'bf16', 'f8e4m3', 'f8e5m2', 'i32', 'i8', 'u8', 'bool'] as const satisfies readonly (
  | DType
  | 'i32'
  | 'i8'
  | 'u8'
  | 'bool'
)[];
export type TensorDType = (typeof tensorDTypes)[number];
export type TensorData = Float64Array | Float32Array | Uint16Array | Uint8Array | Int8Array | Int32Array;

export interface FloatFormat {
  readonly mantissa: number;
  readonly minExponent: number;
  readonly max: number;
  /** Unit roundoff: half the distance from 1 to the next number. */
  readonly roundoff: number;
  readonly smallestNormal: number;
  readonly smallestSubnormal: number;
}

function format(mantissa: number, minExponent: number, max: number): FloatFormat {
  return {
    mantissa,
    minExponent,
    max,
    roundoff: 2 ** -(mantissa + 1),
    smallestNormal: 2 ** minExponent,
    smallestSubnormal: 2 ** (minExponent - mantissa),
  };
}

/**
 * IEEE 754 binary64, binary32, binary16; bfloat16; OCP FP8
 * (https://www.opencompute.org/documents/ocp-8-bit-floating-point-specification-ofp8-revision-1-0-2023-12-01-pdf-1).
 */
export const floatFormats: Readonly<Record<DType, FloatFormat>> = {
  f64: { ...format(52, -1022, Number.MAX_VALUE), smallestSubnormal: Number.MIN_VALUE },
  f32: format(23, -126, (2 - 2 ** -23) * 2 ** 127),
  f16: format(10, -14, 65504),
  bf16: format(7, -126, (2 - 2 ** -7) * 2 ** 127),
  f8e4m3: format(3, -6, 448),
  f8e5m2: format(2, -14, 57344),
};

const bytes: Record<TensorDType, number> = { f64: 8, f32: 4, f16: 2, bf16: 2, f8e4m3: 1, f8e5m2: 1, i32: 4, i8: 1, u8: 1, bool: 1 };

/** Tells if elements are floats, and not integers. */
export function isFloat(dtype: TensorDType): dtype is DType {
  return Object.hasOwn(floatFormats, dtype);
}

export function bytesOf(dtype: TensorDType): number {
  return bytes[dtype];
}

/** Zeroed array of `length` elements; 16- and 8-bit floats are raw bits. */
export function allocate(dtype: TensorDType, length: number): TensorData {
  return arrayOn(dtype, new ArrayBuffer(length * bytes[dtype]), 0, length);
}

export function arrayOn(dtype: TensorDType, buffer: ArrayBufferLike, byteOffset: number, length: number): TensorData {
  switch (dtype) {
    case 'f64':
      return new Float64Array(buffer, byteOffset, length);
    case 'f32':
      return new Float32Array(buffer, byteOffset, length);
    case 'f16':
    case 'bf16':
      return new Uint16Array(buffer, byteOffset, length);
    case 'i32':
      return new Int32Array(buffer, byteOffset, length);
    case 'i8':
      return new Int8Array(buffer, byteOffset, length);
    default:
      return new Uint8Array(buffer, byteOffset, length);
  }
}
