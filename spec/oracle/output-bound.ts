import { halfSubnormal, type NumericProfile, narrowStore, probabilityStore } from '../numeric/profile.js';
import type { Expected } from '../problem.js';
import { type DType, floatFormats } from '../tensor/dtype.js';

/**
 * Error bound of an element after it is stored as `dtype`: e(1 + u) + u|r| + w (NUMERICS, "output"), or infinite if the stored value
 * may overflow.
 * @param bound error bound e before the store. @param flushToZero allows subnormal outputs to become zero.
 */
export function storedBound(value: number, bound: number, dtype: DType, flushToZero: boolean): number {
  const { max } = floatFormats[dtype];
  if (Math.abs(value) + bound > max) return Number.isFinite(value) ? Infinity : bound;
  // an exact NaN must be matched; a NaN from an infinite error, such as ∞ · 0, is undecided
  if (Number.isNaN(value)) return bound === Infinity ? Infinity : 0;
  return afterStore(value, bound, dtype, flushToZero);
}

/** Error bound after a store that does not overflow. */
function afterStore(value: number, bound: number, dtype: DType, flushToZero: boolean): number {
  return bound * (1 + floatFormats[dtype].roundoff) + lostInStore(value, dtype, flushToZero);
}

/** Error that storing a number adds where it does not overflow: u|r| + w. */
function lostInStore(value: number, dtype: DType, flushToZero: boolean): number {
  return floatFormats[dtype].roundoff * Math.abs(value) + leastLost(dtype, flushToZero);
}

/** Error that storing any number may add, however small it is: w. */
export function leastLost(dtype: DType, flushToZero: boolean): number {
  const f = floatFormats[dtype];
  return flushToZero ? f.smallestNormal : halfSubnormal(f);
}

/**
 * Largest error, in bounds, for which another order of computation may be the cause: what is off by more is wrong in any order. A delta rule in chunks
 * may be off by some thousand bounds of its recurrence, where a token nearly overwrites the state (its strength of a write is near 1).
 */
const ANOTHER_ORDER = 2 ** 15;
/** Factor by which a number may be multiplied after it was stored. */
const MULTIPLIED = 2 ** 26;
/** Below this, another order may lose any number of digits: the smallest normal number of float32, times what it may be multiplied with later. */
const UNDERFLOW = floatFormats.f32.smallestNormal * MULTIPLIED;

/** Factor by which a probability or its gradient in a narrow type may be multiplied: products with values, keys and scale. It is no bound, but a choice. */
const MULTIPLIED_IN_ROWS = 2 ** 6;

/**
 * Error of a gradient below which another order of rows of softmax may have lost any number of digits: as above, of the type in which it stores
 * probabilities and their gradients. A form that has a softmax for each part of the keys stores some of them twice.
 */
function underflowOf(numeric: NumericProfile): number {
  const stores = [
    ...(numeric.probabilitiesStored ? [probabilityStore(numeric)] : []),
    ...(numeric.scoreGradientsStored ? [narrowStore(numeric)] : []),
  ];
  return stores.reduce((most, { dtype }) => Math.max(most, floatFormats[dtype].smallestNormal * MULTIPLIED_IN_ROWS), UNDERFLOW);
}

/** Error below which bounds of rows, which hold for every order of computation but where numbers underflow, are joined by those of the second form. */
export function secondBelowOf(numeric: NumericProfile, gradients: boolean): number {
  return gradients ? underflowOf(numeric) : UNDERFLOW;
}

/**
 * Error of an answer in bounds of what it was before it was stored: what storing adds is in each type another multiple of them, and says nothing of the order.
 * An exact zero is off by none of them, however large the error. Rows of softmax have bounds in which what is stored between their products is the larger
 * part: of them it is the error in bounds of the answer.
 */
export function boundsOff(expected: Expected, at: number, error: number, dtype: DType, flushToZero: boolean): number {
  const { value, bound, secondBelow } = expected;
  if (secondBelow !== undefined) return error / storedBound(value[at], bound[at], dtype, flushToZero);
  // what is a sum of zeros in one order is in another the difference of equal numbers
  if (value[at] === 0) return 0;
  const computed = dtype === 'f64' ? 'f64' : 'f32';
  return Math.max(0, error - lostInStore(value[at], dtype, flushToZero)) / storedBound(value[at], bound[at], computed, flushToZero);
}

/** Tells whether errors of at most so much, and of at most so many bounds, may have another order of computation as their cause. */
export function mayBeOfOrder({ secondBelow = Infinity }: Pick<Expected, 'secondBelow'>, error: number, bounds: number): boolean {
  return error < secondBelow && (bounds <= ANOTHER_ORDER || error < UNDERFLOW);
}

/**
 * Error bound of a stored element by which an answer is judged: its own, or, if the error is a little larger, that of the operator's second form where this
 * one is larger. Where it is infinite, as by a divisor that may be 0 in that order, a right answer may be off by any error, and the element is undecided.
 * The first form decides whether a stored number may overflow: the second form's bound of a recurrence may be beyond the largest number of a narrow type.
 * @param error of the answer; may be NaN, which is larger than any bound.
 */
export function judgedBound(expected: Expected, at: number, error: number, dtype: DType, flushToZero: boolean): number {
  const { value, bound, second } = expected;
  const own = storedBound(value[at], bound[at], dtype, flushToZero);
  if (second === undefined || error <= own || own === Infinity) return own;
  if (!mayBeOfOrder(expected, error, boundsOff(expected, at, error, dtype, flushToZero))) return own;
  return Math.max(own, afterStore(value[at], second()[at], dtype, flushToZero));
}
