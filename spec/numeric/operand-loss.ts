import { floatFormats } from '../tensor/dtype.js';
import type { NumericProfile } from './profile.js';

/** Largest error of cutting a subnormal float32 to TF32: the distance between TF32's subnormal numbers. */
const CUT = 2 ** -136;

/** Absolute error of an operand of a product, in addition to the relative one; 0 if operands are not cut to TF32. */
export function operandCut({ tf32 }: NumericProfile): number {
  return tf32 ? CUT : 0;
}

/**
 * Absolute error of reading each input value: the whole of a value that is subnormal in storage if subnormals are flushed to zero, and
 * the part of a subnormal float32 that TF32 cuts off. fp8 inputs are not flushed, since they are widened before the computation.
 * Returns undefined if no value has such an error.
 */
export function readingLoss(profile: NumericProfile, tensor: { readonly data: Float64Array }): Float64Array | undefined {
  const { storage, flushToZero } = profile;
  const cut = operandCut(profile);
  const flushed = flushToZero && !storage.startsWith('f8') ? floatFormats[storage].smallestNormal : 0;
  const small = cut > 0 ? Math.max(flushed, floatFormats.f32.smallestNormal) : flushed;
  if (small === 0) return undefined;
  const values = tensor.data;
  let loss: Float64Array | undefined;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]);
    if (!(size < small) || size === 0) continue;
    loss ??= new Float64Array(values.length);
    loss[i] = size < flushed ? size : Math.min(size, cut);
  }
  return loss;
}
