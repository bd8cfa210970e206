import { halfSubnormal, type NumericProfile, narrowStore, probabilityStore } from '../numeric/profile.js';
import type { Expected } from '../problem.js';
import { type DType, floatFormats } from '../tensor/dtype.js';

/**
 * Error bound of a stored element: e(1 + u) + u|r| + w (NUMERICS, "output"), or infinite if it may
 * overflow.
 * @param flushToZero allows subnormal outputs to become zero.
 */
export function storedBound(value: number, bound: number, dtype: DType, flushToZero: boolean): number {
  const { max } = floatFormats[dtype];
  if (Math.abs(value) + bound > max) return Number.isFinite(value) ? Infinity : bound;
  // an exact NaN must be matched; a NaN from an infinite error, like ∞ · 0, is undecided
  if (Number.isNaN(value)) return bound === Infinity ? Infinity : 0;
  return afterStore(value, bound, dtype, flushToZero);
}

function afterStore(value: number, bound: number, dtype: DType, flushToZero: boolean): number {
  return bound * (1 + floatFormats[dtype].roundoff) + lostInStore(value, dtype, flushToZero);
}

/** Error of storing a number without overflow: u|r| + w. */
function lostInStore(value: number, dtype: DType, flushToZero: boolean): number {
  return floatFormats[dtype].roundoff * Math.abs(value) + leastLost(dtype, flushToZero);
}

/** Least error of storing any number: w. */
export function leastLost(dtype: DType, flushToZero: boolean): number {
  const f = floatFormats[dtype];
  return flushToZero ? f.smallestNormal : halfSubnormal(f);
}

/**
 * Largest error, in bounds, that another order may cause. A delta rule in chunks may be off by
 * thousands of bounds of its recurrence if the write strength is near 1.
 */
const ANOTHER_ORDER = 2 ** 15;
const MULTIPLIED = 2 ** 26;
/** Error below which another order may lose any digits: f32's smallest normal × later factors. */
const UNDERFLOW = floatFormats.f32.smallestNormal * MULTIPLIED;

/** Largest later factor of a narrow probability or its gradient: a choice, no bound. */
const MULTIPLIED_IN_ROWS = 2 ** 6;

/** The same for gradients of softmax rows, by the types of stored probabilities and gradients. */
function underflowOf(numeric: NumericProfile): number {
  const stores = [
    ...(numeric.probabilitiesStored ? [probabilityStore(numeric)] : []),
    ...(numeric.scoreGradientsStored ? [narrowStore(numeric)] : []),
  ];
  return stores.reduce((most, { dtype }) => Math.max(most, floatFormats[dtype].smallestNormal * MULTIPLIED_IN_ROWS), UNDERFLOW);
}

/** Error below which the second form's bounds count for softmax rows. */
export function secondBelowOf(numeric: NumericProfile, gradients: boolean): number {
  return gradients ? underflowOf(numeric) : UNDERFLOW;
}

/**
 * Error in bounds: before the store, whose share differs by type, but after it for softmax rows, as
 * inner stores dominate. An exact zero is off by 0 bounds.
 */
export function boundsOff(expected: Expected, at: number, error: number, dtype: DType, flushToZero: boolean): number {
  const { value, bound, secondBelow } = expected;
  if (secondBelow !== undefined) return error / storedBound(value[at], bound[at], dtype, flushToZero);
  // a sum of zeros may be a difference of equal numbers in another order
  if (value[at] === 0) return 0;
  const computed = dtype === 'f64' ? 'f64' : 'f32';
  return Math.max(0, error - lostInStore(value[at], dtype, flushToZero)) / storedBound(value[at], bound[at], computed, flushToZero);
}

/** Tells if another order of computation may cause this error, also given in bounds. */
export function mayBeOfOrder({ secondBelow = Infinity }: Pick<Expected, 'secondBelow'>, error: number, bounds: number): boolean {
  return error < secondBelow && (bounds <= ANOTHER_ORDER || error < UNDERFLOW);
}

/**
 * Bound by which an answer is judged: the first form's, or, for slightly larger errors, the second
 * form's if larger. If that is infinite, as by a divisor that may be 0, the element is undecided.
 * The first form alone decides about overflow.
 */
export function judgedBound(expected: Expected, at: number, error: number, dtype: DType, flushToZero: boolean): number {
  const { value, bound, second } = expected;
  const own = storedBound(value[at], bound[at], dtype, flushToZero);
  if (second === undefined || error <= own || own === Infinity) return own;
  if (!mayBeOfOrder(expected, error, boundsOff(expected, at, error, dtype, flushToZero))) return own;
  return Math.max(own, afterStore(value[at], second()[at], dtype, flushToZero));
}
