import { type DType, floatFormats } from '../../spec/tensor/dtype.js';

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
const high = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;
const tables = new Map<DType, Float64Array>();

/** Gaps between neighbouring numbers, by the biased exponent of a float64. */
export function ulpTable(dtype: DType): Float64Array {
  let table = tables.get(dtype);
  if (!table) {
    const { mantissa, minExponent } = floatFormats[dtype];
    table = Float64Array.from({ length: 2048 }, (_, biased) => 2 ** (Math.max(biased - 1023, minExponent) - mantissa));
    tables.set(dtype, table);
  }
  return table;
}

/** Biased exponent of a float64: 0 for zero and subnormals, 2047 for NaN and infinities. */
export function biasedExponent(x: number): number {
  double[0] = x;
  return (words[high] >>> 20) & 0x7ff;
}
