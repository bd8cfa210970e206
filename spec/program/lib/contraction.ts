import { operandCut } from '../../numeric/operand-loss.js';
import { gamma, lossNearZero, type NumericProfile } from '../../numeric/profile.js';
import type { Application, Evaluated } from '../primitive.js';
import { bytes, floats } from '../scratch.js';
import { elements, offsets, type ProgramTensor } from '../tensor.js';
import { type BlockedContraction, blockedContraction, sumsOfProducts } from './blocked-contraction.js';
import { allFinite, keptValues, magnitudes, onesOf, sumsOf, withoutZeros } from './kept-values.js';

/** Element offsets of a contraction: element i, term k multiplies x at xOuter[i] + xInner[k] and y at yOuter[i] + yInner[k]. */
export class Loops {
  /** The same in blocks of matrices, where that is faster. */
  readonly blocks?: BlockedContraction;
  /** Number of terms of each sum. */
  readonly terms: number;

  constructor(private readonly application: Application) {
    const { operands, axes, sizes } = application;
    this.blocks = blockedContraction(application, operands.x, operands.y);
    this.terms = elements(axes, sizes);
  }

  // offsets in each operand, made where they are asked for: blocks mostly do without, and an operand has one for each element of the result

  /** Offset in x per element of the result. */
  get xOuter(): Int32Array {
    const { operands, out, sizes } = this.application;
    return offsets(operands.x.axes, out.axes, sizes);
  }

  /** Offset in y per element of the result. */
  get yOuter(): Int32Array {
    const { operands, out, sizes } = this.application;
    return offsets(operands.y.axes, out.axes, sizes);
  }

  /** Offset in x per term of the sum. */
  get xInner(): Int32Array {
    const { operands, axes, sizes } = this.application;
    return offsets(operands.x.axes, axes, sizes);
  }

  /** Offset in y per term of the sum. */
  get yInner(): Int32Array {
    const { operands, axes, sizes } = this.application;
    return offsets(operands.y.axes, axes, sizes);
  }
}

/** Computes Σ x·y for operands without structural zeros. */
export function denseValue(x: Float64Array, y: Float64Array, loops: Loops, size: number): Float64Array {
  const { blocks, terms } = loops;
  if (blocks) return sumsOfProducts(blocks, x, y, size);
  const { xOuter, yOuter, xInner, yInner } = loops;
  const value = floats(size);
  for (let i = 0; i < size; i++) {
    const xFrom = xOuter[i];
    const yFrom = yOuter[i];
    let total = 0;
    for (let k = 0; k < terms; k++) total += x[xFrom + xInner[k]] * y[yFrom + yInner[k]];
    value[i] = total;
  }
  return value;
}

/** Computes Σ x·y, skipping terms with a structural zero; a sum without any term left is a structural zero itself. */
export function sparseValue(x: ProgramTensor, y: ProgramTensor, loops: Loops, size: number): Evaluated {
  const { blocks } = loops;
  const kept = blocks && [keptValues(x), keptValues(y)];
  if (blocks && kept?.every(allFinite)) {
    const terms = termsOf(x, y, loops, size);
    const zero = bytes(size);
    for (let i = 0; i < size; i++) if (terms[i] === 0) zero[i] = 1;
    return { value: sumsOfProducts(blocks, kept[0], kept[1], size), zero };
  }
  const { xOuter, yOuter, xInner, yInner } = loops;
  const value = floats(size);
  const zero = bytes(size);
  const xValue = x.value;
  const yValue = y.value;
  const xZero = x.zero ?? bytes(xValue.length);
  const yZero = y.zero ?? bytes(yValue.length);
  const length = xInner.length;
  for (let i = 0; i < size; i++) {
    const xFrom = xOuter[i];
    const yFrom = yOuter[i];
    let total = 0;
    let terms = 0;
    for (let k = 0; k < length; k++) {
      const xAt = xFrom + xInner[k];
      const yAt = yFrom + yInner[k];
      if (xZero[xAt] || yZero[yAt]) continue;
      total += xValue[xAt] * yValue[yAt];
      terms++;
    }
    value[i] = total;
    if (terms === 0) zero[i] = 1;
  }
  return { value, zero };
}

/**
 * Error bounds for exact x and y: γ_K Σ|xy| and K losses near zero, plus the loss near zero of operands that are cut to TF32.
 * @param declared relative error of one product.
 */
export function exactOperands(
  x: Float64Array,
  y: Float64Array,
  loops: Loops,
  size: number,
  profile: NumericProfile,
  declared: number,
): Float64Array {
  const { blocks, terms } = loops;
  const { a } = profile;
  const loss = lossNearZero(profile);
  const cut = operandCut(profile);
  const g = gamma(terms, a) + declared;
  if (blocks && cut === 0) {
    const bound = sumsOfProducts(blocks, magnitudes(x), magnitudes(y), size);
    for (let i = 0; i < size; i++) bound[i] = g * bound[i] + terms * loss;
    return bound;
  }
  const { xOuter, yOuter, xInner, yInner } = loops;
  const bound = floats(size);
  for (let i = 0; i < size; i++) {
    const xFrom = xOuter[i];
    const yFrom = yOuter[i];
    let magnitude = 0;
    for (let k = 0; k < terms; k++) magnitude += Math.abs(x[xFrom + xInner[k]] * y[yFrom + yInner[k]]);
    let lost = 0;
    if (cut > 0) for (let k = 0; k < terms; k++) lost += cut * (Math.abs(x[xFrom + xInner[k]]) + Math.abs(y[yFrom + yInner[k]]));
    bound[i] = g * magnitude + lost + terms * loss;
  }
  return bound;
}

/**
 * Error bounds for inexact x and y: γ_K Σ|xy| + (1 + γ_K) Σ (e_x(|y| + e_y) + e_y|x|) + K losses near zero over the K terms that have no structural
 * zero, plus the loss near zero of operands that are cut to TF32.
 * @param declared relative error of one product.
 */
export function inexactOperands(
  x: ProgramTensor,
  y: ProgramTensor,
  loops: Loops,
  size: number,
  profile: NumericProfile,
  declared: number,
): Float64Array {
  const { a } = profile;
  const loss = lossNearZero(profile);
  const cut = operandCut(profile);
  const inBlocks = cut === 0 ? inexactInBlocks(x, y, loops, size, profile, declared) : undefined;
  if (inBlocks) return inBlocks;
  if (!x.zero && !y.zero && cut === 0) return inexactWithoutZeros(x, y, loops, size, gamma(loops.terms, a) + declared, loss);
  const { xOuter, yOuter, xInner, yInner } = loops;
  const bound = floats(size);
  const xValue = x.value;
  const yValue = y.value;
  const xBound = x.bound ?? floats(xValue.length);
  const yBound = y.bound ?? floats(yValue.length);
  const { zero: xZero } = x;
  const { zero: yZero } = y;
  const length = xInner.length;
  for (let i = 0; i < size; i++) {
    const xFrom = xOuter[i];
    const yFrom = yOuter[i];
    let magnitude = 0;
    let error = 0;
    let terms = 0;
    for (let k = 0; k < length; k++) {
      const xAt = xFrom + xInner[k];
      const yAt = yFrom + yInner[k];
      if (xZero?.[xAt] || yZero?.[yAt]) continue;
      const xSize = Math.abs(xValue[xAt]);
      const ySize = Math.abs(yValue[yAt]);
      const ey = yBound[yAt];
      magnitude += xSize * ySize;
      error += xBound[xAt] * (ySize + ey) + ey * xSize;
      if (cut > 0) error += cut * (xSize + xBound[xAt] + ySize + ey);
      terms++;
    }
    const g = gamma(terms, a) + declared;
    bound[i] = g * magnitude + (1 + g) * error + terms * loss;
  }
  return bound;
}

/**
 * The same for operands without structural zeros, by a loop for each that may be exact.
 * @param g relative error of a sum of all terms. @param loss loss near zero of one term.
 */
function inexactWithoutZeros(
  x: ProgramTensor,
  y: ProgramTensor,
  { xOuter, yOuter, xInner, yInner }: Loops,
  size: number,
  g: number,
  loss: number,
): Float64Array {
  const bound = floats(size);
  const { value: xValue, bound: ex } = x;
  const { value: yValue, bound: ey } = y;
  const terms = xInner.length;
  for (let i = 0; i < size; i++) {
    const xFrom = xOuter[i];
    const yFrom = yOuter[i];
    let product = 0;
    let lost = 0;
    if (ex && ey) {
      for (let k = 0; k < terms; k++) {
        const xAt = xFrom + xInner[k];
        const yAt = yFrom + yInner[k];
        const xSize = Math.abs(xValue[xAt]);
        const ySize = Math.abs(yValue[yAt]);
        product += xSize * ySize;
        lost += ex[xAt] * (ySize + ey[yAt]) + ey[yAt] * xSize;
      }
    } else if (ex) {
      for (let k = 0; k < terms; k++) {
        const xAt = xFrom + xInner[k];
        const ySize = Math.abs(yValue[yFrom + yInner[k]]);
        product += Math.abs(xValue[xAt]) * ySize;
        lost += ex[xAt] * ySize;
      }
    } else {
      for (let k = 0; k < terms; k++) {
        const yAt = yFrom + yInner[k];
        const xSize = Math.abs(xValue[xFrom + xInner[k]]);
        product += xSize * Math.abs(yValue[yAt]);
        if (ey) lost += ey[yAt] * xSize;
      }
    }
    bound[i] = g * product + (1 + g) * lost + terms * loss;
  }
  return bound;
}

/** The same by products of matrices; undefined where there are no blocks, or where a zero may meet an infinity. */
function inexactInBlocks(
  x: ProgramTensor,
  y: ProgramTensor,
  loops: Loops,
  size: number,
  profile: NumericProfile,
  declared: number,
): Float64Array | undefined {
  const { blocks } = loops;
  if (!blocks) return undefined;
  const { a } = profile;
  const loss = lossNearZero(profile);
  const [xSize, ySize] = [magnitudes(keptValues(x)), magnitudes(keptValues(y))];
  const [ex, ey] = [x, y].map(({ bound, zero }) => bound && withoutZeros(bound, zero));
  const anyZero = x.zero || y.zero;
  if (anyZero && ![xSize, ySize, ex, ey].every((values) => !values || allFinite(values))) return undefined;
  const magnitude = sumsOfProducts(blocks, xSize, ySize, size);
  const fromX = ex && sumsOfProducts(blocks, ex, ey ? sumsOf(ySize, ey) : ySize, size);
  const fromY = ey && sumsOfProducts(blocks, xSize, ey, size);
  const terms = anyZero ? termsOf(x, y, loops, size) : undefined;
  const all = loops.terms;
  const bound = magnitude;
  for (let i = 0; i < size; i++) {
    const count = terms ? terms[i] : all;
    const g = gamma(count, a) + declared;
    const error = (fromX ? fromX[i] : 0) + (fromY ? fromY[i] : 0);
    bound[i] = g * magnitude[i] + (1 + g) * error + count * loss;
  }
  return bound;
}

/** Number of terms of each sum that have no structural zero. */
function termsOf(x: ProgramTensor, y: ProgramTensor, { blocks }: Loops, size: number): Float64Array {
  return sumsOfProducts(blocks as BlockedContraction, onesOf(x), onesOf(y), size);
}
