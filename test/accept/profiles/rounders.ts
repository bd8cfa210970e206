import { type DType, floatFormats } from '../../../spec/tensor/dtype.js';
import { roundTo } from '../../../spec/tensor/float-bits.js';

export type Rounder = (x: number) => number;

/** The nearest number of a type. */
export function nearest(dtype: DType): Rounder {
  return dtype === 'f32' ? Math.fround : (x) => roundTo(dtype, x);
}

/** The same, with subnormal results taken for zero. */
export function flushing(dtype: DType): Rounder {
  const round = nearest(dtype);
  const { smallestNormal } = floatFormats[dtype];
  return (x) => {
    const y = round(x);
    return Math.abs(y) < smallestNormal ? 0 : y;
  };
}

const bits = new Int32Array(1);
const float = new Float32Array(bits.buffer);

/** A float32's leading 10 bits of significand: TF32, by cutting off the rest. */
export const tensorFloat: Rounder = (x) => {
  float[0] = x;
  bits[0] &= ~0x1fff;
  return float[0];
};

/** An exponential that is off by a relative error of up to `error`, either way or always upwards. */
export function approximateExp(error: number, oneWay: boolean): Rounder {
  return oneWay ? (x) => Math.exp(x) * (1 + error) : (x) => Math.exp(x) * (1 + error * Math.sin(16 * x));
}
