import { operandCut } from '../../numeric/operand-loss.js';
import { gamma, lossNearZero } from '../../numeric/profile.js';
import type { Application, Evaluated } from '../primitive.js';
import { floats } from '../scratch.js';
import { offsets, type ProgramTensor, type SoftmaxAnalysis } from '../tensor.js';
import { allFinite, magnitudes, onesOf, sumsOf, withoutZeros } from './kept-values.js';
import { sumsOver } from './sums-of-products.js';
import { tf32Error } from './tf32.js';

/**
 * Error bounds of Σ p·v over the axis of softmax p (NUMERICS, "dot of a softmax over its own axis
 * with v"). Errors shared by numerator and denominator weigh |v − mean|, all others |v|.
 */
export function weightedMeanBound(application: Application, p: ProgramTensor, v: ProgramTensor, mean: Evaluated): Float64Array {
  const { out, sizes, profile } = application;
  const { unknown, sumError, tiles, sink, undefinedRow, store, rowAxes } = p.softmax as SoftmaxAnalysis;
  const { a, u, w, t, partialsStored } = profile;
  const rows = offsets(rowAxes, out.axes, sizes);
  const { value } = mean;
  const sums = wholeSums(application, p, v, value) ?? sumsTermByTerm(application, p, v, value);
  const bound = floats(value.length);
  for (let i = 0; i < bound.length; i++) {
    const row = rows[i];
    if (undefinedRow[row]) continue;
    const terms = sums.terms[i];
    if (terms === 0) continue;
    if (unknown[row]) {
      bound[i] = Infinity;
      continue;
    }
    // the sink acts as one more key with value 0
    const shared = sums.shared[i] + sink[row] * Math.abs(value[i]);
    const sum = gamma(terms + 2, a) + tf32Error(profile);
    const plain = sumError[row] + sum + (store?.u ?? 0) + (partialsStored ? tiles[row] * u : 0);
    // products, rescalings and sums may each lose the accumulator's smallest number (dot: K·w)
    const tiny = (terms + 2 * tiles[row] + 4) * t + (partialsStored ? tiles[row] * w : 0);
    bound[i] =
      shared +
      plain * sums.magnitude[i] +
      (2 * (store?.w ?? lossNearZero(profile)) + operandCut(profile)) * sums.sizeOfV[i] +
      (1 + sum) * (sums.error?.[i] ?? 0) +
      tiny;
  }
  return bound;
}

interface Sums {
  readonly terms: Float64Array;
  readonly shared: Float64Array;
  readonly magnitude: Float64Array;
  readonly sizeOfV: Float64Array;
  readonly error?: Float64Array;
}

/** Whole sums; undefined if v has structural zeros, or a zero may meet an infinity. */
function wholeSums(application: Application, p: ProgramTensor, v: ProgramTensor, mean: Float64Array): Sums | undefined {
  const { near: all, most = p.value } = p.softmax as SoftmaxAnalysis;
  if (v.zero) return undefined;
  const [near, weights] = [withoutZeros(all, p.zero), withoutZeros(most, p.zero)];
  const own = v.bound && withoutZeros(p.bound ? sumsOf(p.value, p.bound) : p.value, p.zero);
  const size = magnitudes(v);
  if (![near, weights, size, ...(own && v.bound ? [own, v.bound] : [])].every(allFinite)) return undefined;
  const sums = sumsOver(application, p, v);
  return {
    terms: sums.kept(),
    shared: sums.distances(near, v.value, mean),
    magnitude: sums.of(weights, size),
    sizeOfV: sums.of(onesOf(p), size),
    ...(own && v.bound && { error: sums.of(own, v.bound) }),
  };
}

function sumsTermByTerm({ out, axes, sizes }: Application, p: ProgramTensor, v: ProgramTensor, mean: Float64Array): Sums {
  const { near, most = p.value } = p.softmax as SoftmaxAnalysis;
  const pOuter = offsets(p.axes, out.axes, sizes);
  const vOuter = offsets(v.axes, out.axes, sizes);
  const pInner = offsets(p.axes, axes, sizes);
  const vInner = offsets(v.axes, axes, sizes);
  const { value: pValue, bound: pBound, zero: pZero } = p;
  const { value: vValue, bound: vBound, zero: vZero } = v;
  const sums = {
    terms: floats(mean.length),
    shared: floats(mean.length),
    magnitude: floats(mean.length),
    sizeOfV: floats(mean.length),
    ...(vBound && { error: floats(mean.length) }),
  };
  for (let i = 0; i < mean.length; i++) {
    let [terms, shared, magnitude, sizeOfV, error] = [0, 0, 0, 0, 0];
    for (let k = 0; k < pInner.length; k++) {
      const pAt = pOuter[i] + pInner[k];
      const vAt = vOuter[i] + vInner[k];
      if (pZero?.[pAt] || vZero?.[vAt]) continue;
      terms++;
      const size = Math.abs(vValue[vAt]);
      shared += near[pAt] * Math.abs(vValue[vAt] - mean[i]);
      magnitude += most[pAt] * size;
      sizeOfV += size;
      if (vBound) error += (pValue[pAt] + (pBound ? pBound[pAt] : 0)) * vBound[vAt];
    }
    sums.terms[i] = terms;
    sums.shared[i] = shared;
    sums.magnitude[i] = magnitude;
    sums.sizeOfV[i] = sizeOfV;
    if (sums.error) sums.error[i] = error;
  }
  return sums;
}
