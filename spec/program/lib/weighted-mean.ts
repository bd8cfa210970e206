import { operandCut } from '../../numeric/operand-loss.js';
import { gamma, lossNearZero } from '../../numeric/profile.js';
import type { Application, Evaluated } from '../primitive.js';
import { offsets, type ProgramTensor, type SoftmaxAnalysis } from '../tensor.js';
import { tf32Error } from './tf32.js';

/**
 * Error bounds of Σ p·v over the axis of the softmax p (NUMERICS, "dot of a softmax over its own axis with v"). The errors of the
 * exponentials, which numerator and denominator share, are weighted with |v − mean|; the errors of each term alone with |v|.
 */
export function weightedMeanBound(
  { out, axes, sizes, profile }: Application,
  p: ProgramTensor,
  v: ProgramTensor,
  mean: Evaluated,
): Float64Array {
  const { relative, total, sumError, tiles, sink, undefinedRow, store, rowAxes } = p.softmax as SoftmaxAnalysis;
  const { a, u, w, t, partialsStored } = profile;
  const rows = offsets(rowAxes, out.axes, sizes);
  const pOuter = offsets(p.axes, out.axes, sizes);
  const vOuter = offsets(v.axes, out.axes, sizes);
  const pInner = offsets(p.axes, axes, sizes);
  const vInner = offsets(v.axes, axes, sizes);
  const { value: pValue, bound: pBound, zero: pZero } = p;
  const { value: vValue, bound: vBound, zero: vZero } = v;
  const { value } = mean;
  const bound = new Float64Array(value.length);
  for (let i = 0; i < bound.length; i++) {
    const row = rows[i];
    if (undefinedRow[row]) continue;
    let terms = 0;
    let shared = 0;
    let magnitude = 0;
    let sizeOfV = 0;
    let error = 0;
    for (let k = 0; k < pInner.length; k++) {
      const pAt = pOuter[i] + pInner[k];
      const vAt = vOuter[i] + vInner[k];
      if (pZero?.[pAt] || vZero?.[vAt]) continue;
      terms++;
      const weight = pValue[pAt];
      const rel = relative[pAt];
      const size = Math.abs(vValue[vAt]);
      shared +=
        weight * ((1 - weight) * rel + (total[row] - weight * rel) + 2 * (total[row] + rel) ** 2) * Math.abs(vValue[vAt] - value[i]);
      magnitude += weight * size;
      sizeOfV += size;
      if (vBound) error += (weight + (pBound ? pBound[pAt] : 0)) * vBound[vAt];
    }
    if (terms === 0) continue;
    // the sink acts as one more key with value 0
    shared += sink[row] * Math.abs(value[i]);
    const sum = gamma(terms + 2, a) + tf32Error(profile);
    const plain = sumError[row] + sum + (store?.u ?? 0) + (partialsStored ? tiles[row] * u : 0);
    // every product, rescaling and sum may lose up to the accumulator's smallest number (dot: K·w)
    const tiny = (terms + 2 * tiles[row] + 4) * t + (partialsStored ? tiles[row] * w : 0);
    bound[i] =
      total[row] < 0.5
        ? shared + plain * magnitude + (2 * (store?.w ?? lossNearZero(profile)) + operandCut(profile)) * sizeOfV + (1 + sum) * error + tiny
        : Infinity;
  }
  return bound;
}
