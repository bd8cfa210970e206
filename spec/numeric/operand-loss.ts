import { floatFormats } from '../tensor/dtype.js';
import type { NumericProfile } from './profile.js';

/** Largest error of cutting a subnormal float32 to TF32: the spacing of TF32's subnormals. */
const CUT = 2 ** -136;

/** Absolute error of a product's operand that is cut to TF32, else 0. */
export function operandCut({ tf32 }: NumericProfile): number {
  return tf32 ? CUT : 0;
}

/**
 * Absolute error of reading each value: all of a subnormal that is flushed to zero, or the part
 * that TF32 cuts off. fp8 inputs are widened first, and not flushed. Undefined if all are exact.
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
