import { operandCut } from '../../numeric/operand-loss.js';
import { gamma, lossNearZero, type NumericProfile } from '../../numeric/profile.js';
import type { Evaluated } from '../primitive.js';
import { bytes, floats } from '../scratch.js';
import type { ProgramTensor } from '../tensor.js';
import { allFinite, keptValues, magnitudes, sumsOf, withoutZeros } from './kept-values.js';
import type { SumsOfProducts } from './sums-of-products.js';

/** Computes Σ x·y without structural zeros; a sum without terms is a structural zero. */
export function contractionValue(x: ProgramTensor, y: ProgramTensor, sums: SumsOfProducts): Evaluated {
  if (!x.zero && !y.zero) return { value: sums.of(x.value, y.value) };
  const kept = [keptValues(x), keptValues(y)];
  if (!kept.every(allFinite)) return skippingZeros(x, y, sums);
  const terms = sums.kept();
  const zero = bytes(terms.length);
  for (let i = 0; i < zero.length; i++) if (terms[i] === 0) zero[i] = 1;
  return { value: sums.of(kept[0], kept[1]), zero };
}

/** The same term by term, because 0 · ∞ is NaN. */
function skippingZeros(x: ProgramTensor, y: ProgramTensor, { size, xPlaces, yPlaces }: SumsOfProducts): Evaluated {
  const { value: xValue, zero: xZero } = x;
  const { value: yValue, zero: yZero } = y;
  const terms = xPlaces.inner.length;
  const value = floats(size);
  const zero = bytes(size);
  for (let i = 0; i < size; i++) {
    zero[i] = 1;
    for (let k = 0; k < terms; k++) {
      const xAt = xPlaces.outer[i] + xPlaces.inner[k];
      const yAt = yPlaces.outer[i] + yPlaces.inner[k];
      if (xZero?.[xAt] || yZero?.[yAt]) continue;
      value[i] += xValue[xAt] * yValue[yAt];
      zero[i] = 0;
    }
  }
  return { value, zero };
}

/**
 * Error bounds: γ_K Σ|xy| + (1 + γ_K) Σ (e_x(|y| + e_y) + e_y|x|) + K losses near zero over the K
 * terms without structural zeros, plus the loss near zero of TF32 operands.
 * @param declared relative error of a product, in addition to γ_K.
 */
export function contractionBound(
  x: ProgramTensor,
  y: ProgramTensor,
  sums: SumsOfProducts,
  profile: NumericProfile,
  declared: number,
): Float64Array {
  if (operandCut(profile) > 0) return boundTermByTerm(x, y, sums, profile, declared);
  const [xSize, ySize] = [magnitudes(x), magnitudes(y)];
  const [ex, ey] = [x, y].map(({ bound, zero }) => bound && withoutZeros(bound, zero));
  if (!x.zero && !y.zero) return boundOfAllTerms([xSize, ex], [ySize, ey], sums, profile, declared);
  if (![xSize, ySize, ex, ey].every((values) => !values || allFinite(values))) return boundTermByTerm(x, y, sums, profile, declared);
  const loss = lossNearZero(profile);
  const terms = sums.kept();
  const bound = sums.of(xSize, ySize);
  const fromX = ex && sums.of(ex, ey ? sumsOf(ySize, ey) : ySize);
  const fromY = ey && sums.of(xSize, ey);
  for (let i = 0; i < bound.length; i++) {
    const g = gamma(terms[i], profile.a) + declared;
    const error = (fromX ? fromX[i] : 0) + (fromY ? fromY[i] : 0);
    bound[i] = g * bound[i] + (1 + g) * error + terms[i] * loss;
  }
  return bound;
}

/** The same without structural zeros: γ Σ|xy| + (1 + γ) Σ e_y|x| = γ Σ|x|(|y| + e_y(1 + γ)/γ). */
function boundOfAllTerms(
  [xSize, ex]: readonly [Float64Array, Float64Array | undefined],
  [ySize, ey]: readonly [Float64Array, Float64Array | undefined],
  sums: SumsOfProducts,
  profile: NumericProfile,
  declared: number,
): Float64Array {
  const g = gamma(sums.terms, profile.a) + declared;
  const near = sums.terms * lossNearZero(profile);
  const ratio = (1 + g) / g;
  const bound = ex && !ey ? sums.of(sumsOf(xSize, ex, ratio), ySize) : sums.of(xSize, ey ? sumsOf(ySize, ey, ratio) : ySize);
  const fromBoth = ex && ey && sums.of(ex, sumsOf(ySize, ey));
  for (let i = 0; i < bound.length; i++) bound[i] = g * bound[i] + (fromBoth ? (1 + g) * fromBoth[i] : 0) + near;
  return bound;
}

/** The same term by term, for TF32 operands or infinities. */
function boundTermByTerm(
  x: ProgramTensor,
  y: ProgramTensor,
  { size, xPlaces, yPlaces }: SumsOfProducts,
  profile: NumericProfile,
  declared: number,
): Float64Array {
  const loss = lossNearZero(profile);
  const cut = operandCut(profile);
  const { value: xValue, zero: xZero, bound: xBound = floats(xValue.length) } = x;
  const { value: yValue, zero: yZero, bound: yBound = floats(yValue.length) } = y;
  const length = xPlaces.inner.length;
  const bound = floats(size);
  for (let i = 0; i < size; i++) {
    let magnitude = 0;
    let error = 0;
    let terms = 0;
    for (let k = 0; k < length; k++) {
      const xAt = xPlaces.outer[i] + xPlaces.inner[k];
      const yAt = yPlaces.outer[i] + yPlaces.inner[k];
      if (xZero?.[xAt] || yZero?.[yAt]) continue;
      const xSize = Math.abs(xValue[xAt]);
      const ySize = Math.abs(yValue[yAt]);
      const ey = yBound[yAt];
      magnitude += xSize * ySize;
      error += xBound[xAt] * (ySize + ey) + ey * xSize;
      if (cut > 0) error += cut * (xSize + xBound[xAt] + ySize + ey);
      terms++;
    }
    const g = gamma(terms, profile.a) + declared;
    bound[i] = g * magnitude + (1 + g) * error + terms * loss;
  }
  return bound;
}
