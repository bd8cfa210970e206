import { floatFormats } from '../tensor/dtype.js';
import type { NumericProfile } from './profile.js';

/** What cutting a float32 to TF32 loses where its exponent is already the least: the distance of TF32's subnormals. */
const CUT = 2 ** -136;

/** Absolute error of an operand of a product, beside its relative one. */
export function operandCut({ tf32 }: NumericProfile): number {
  return tf32 ? CUT : 0;
}

/**
 * What reading each of these inputs may lose: all of a number that is subnormal in storage where such are flushed to zero, and what
 * TF32 cuts off a number below the normal ones. Undefined where nothing is lost. fp8 is widened before anything is computed.
 */
export function readingLoss(profile: NumericProfile, values: Float64Array): Float64Array | undefined {
  const { storage, flushToZero } = profile;
  const cut = operandCut(profile);
  const flushed = flushToZero && !storage.startsWith('f8') ? floatFormats[storage].smallestNormal : 0;
  const small = cut > 0 ? Math.max(flushed, floatFormats.f32.smallestNormal) : flushed;
  let loss: Float64Array | undefined;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]);
    if (!(size < small) || size === 0) continue;
    loss ??= new Float64Array(values.length);
    loss[i] = size < flushed ? size : Math.min(size, cut);
  }
  return loss;
}
