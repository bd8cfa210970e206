import type { Application, Evaluated, Signature, TensorType } from '../primitive.js';
import { bytes, floats } from '../scratch.js';
import { elements, gather, offsets, type ProgramTensor, type Sizes, samePlaces, union } from '../tensor.js';

/** Returns the operand's element offset for every element of the result, or undefined if it is the element's own. */
export function alignment(t: ProgramTensor, out: TensorType, sizes: Sizes): Int32Array | undefined {
  return samePlaces(t.axes, out.axes, sizes) ? undefined : offsets(t.axes, out.axes, sizes);
}

/** Type of an elementwise result: the union of the operands' axes. */
export function broadcast(signature: Signature): TensorType {
  return { kind: 'number', axes: union(...Object.values(signature.operands).map((t) => t.axes)) };
}

/** Rule by which an element of a result is a structural zero: any operand has one there, both have, or the first has. */
export type ZeroRule = 'any' | 'both' | 'first';

/*
 * Loops of their own have the primitives that programs use most: V8 inlines a function that is called for each element only while few functions are
 * called there, and else makes objects of its numbers, which takes five times as long as the loop.
 */

/** Sets each element of a result from one of x. */
export type ElementLoop = (out: Float64Array, x: Float64Array) => void;

/** Returns the loop that applies f to each element. */
export function each(f: (x: number) => number): ElementLoop {
  // `map` of a typed array takes several times as long
  return (out, x) => {
    for (let i = 0; i < out.length; i++) out[i] = f(x[i]);
  };
}

/**
 * Applies a function to operand x element by element.
 * @param keepsZero keeps structural zeros, for a function that is 0 at 0.
 */
export function mapUnary(application: Application, keepsZero: boolean, loop: ElementLoop): Evaluated {
  const { x } = application.operands;
  const value = floats(x.value.length);
  loop(value, x.value);
  return keepsZero && x.zero ? { value, zero: x.zero } : { value };
}

/** Error bounds of an elementwise result of operand x: f(x, bound of x, result, least magnitude of x when x may overflow, else 0). */
export function boundUnary(
  application: Application,
  result: Evaluated,
  f: (x: number, e: number, r: number, least: number) => number,
): Float64Array {
  const { value: x, bound: ex, least } = application.operands.x;
  const { value, zero } = result;
  const bound = floats(value.length);
  for (let i = 0; i < bound.length; i++) {
    if (!zero?.[i]) bound[i] = f(x[i], ex ? ex[i] : 0, value[i], least ? least[i] : 0);
  }
  return bound;
}

/**
 * Sets each element of a result from one of x and one of y.
 * @param xAt place in x of each element; if absent, its own. @param yAt the same in y.
 */
export type PairLoop = (
  out: Float64Array,
  x: Float64Array,
  xAt: Int32Array | undefined,
  y: Float64Array,
  yAt: Int32Array | undefined,
) => void;

/** Combines operands x and y element by element; axes are broadcast by name. */
export function mapBinary(application: Application, rule: ZeroRule, loop: PairLoop): Evaluated {
  const { operands, out, sizes } = application;
  const { x, y } = operands;
  const value = floats(elements(out.axes, sizes));
  const xAt = alignment(x, out, sizes);
  const yAt = alignment(y, out, sizes);
  loop(value, x.value, xAt, y.value, yAt);
  const zero = zerosOf(rule, x.zero, xAt, y.zero, yAt);
  if (!zero) return { value };
  for (let i = 0; i < value.length; i++) if (zero[i]) value[i] = 0;
  return { value, zero };
}

/** Structural zeros of a result; those of an operand themselves, where they are the same. */
function zerosOf(
  rule: ZeroRule,
  x: Uint8Array | undefined,
  xAt: Int32Array | undefined,
  y: Uint8Array | undefined,
  yAt: Int32Array | undefined,
): Uint8Array | undefined {
  const first = x && (xAt ? gather(x, xAt) : x);
  if (rule === 'first') return first;
  const second = y && (yAt ? gather(y, yAt) : y);
  if (!first || !second) return rule === 'any' ? (first ?? second) : undefined;
  const zero = bytes(first.length);
  if (rule === 'any') for (let i = 0; i < zero.length; i++) zero[i] = first[i] | second[i];
  else for (let i = 0; i < zero.length; i++) zero[i] = first[i] & second[i];
  return zero;
}

/** Tells whether the sum or difference r of x and y is infinite because one of them is so without error, such as ln 0. */
function isExactInfinity(x: number, y: number, ex: number, ey: number, r: number): boolean {
  if (Math.abs(r) !== Infinity || ex === Infinity || ey === Infinity) return false;
  return (Math.abs(x) === Infinity && ex === 0) || (Math.abs(y) === Infinity && ey === 0);
}

/** Interval that contains the implementation's value of an element; an unknown end is infinite. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Interval of one element of an operand. */
export function intervalAt({ value, bound, least }: ProgramTensor, i: number): Interval {
  const e = bound ? bound[i] : 0;
  if (Number.isFinite(e)) return { low: value[i] - e, high: value[i] + e };
  const known = least ? least[i] : 0;
  if (!(known > 0)) return { low: -Infinity, high: Infinity };
  return value[i] > 0 ? { low: known, high: Infinity } : { low: -Infinity, high: -known };
}

/**
 * Returns the least magnitude of each element of a result of operands x and y: f of their intervals, at least 0 and at most the
 * largest float64. Returns undefined if neither operand may overflow.
 */
export function leastBinary(
  { operands: { x, y }, out, sizes }: Application,
  f: (x: Interval, y: Interval) => number,
): Float64Array | undefined {
  if (!x.least && !y.least) return undefined;
  const xAt = alignment(x, out, sizes);
  const yAt = alignment(y, out, sizes);
  return Float64Array.from({ length: elements(out.axes, sizes) }, (_, i) => {
    const least = f(intervalAt(x, xAt ? xAt[i] : i), intervalAt(y, yAt ? yAt[i] : i));
    return least > 0 ? Math.min(least, Number.MAX_VALUE) : 0;
  });
}

/** Least magnitude in an interval; 0 if the interval contains 0. */
export function sizeOfInterval({ low, high }: Interval): number {
  return Math.max(0, low, -high);
}

/** Numbers of operands x and y, their errors, and their place for every element of the result, absent where it is the element's own. */
interface PairOperands {
  readonly x: Float64Array;
  readonly xBound?: Float64Array;
  readonly xAt?: Int32Array;
  readonly y: Float64Array;
  readonly yBound?: Float64Array;
  readonly yAt?: Int32Array;
}

/** Returns the operands x and y of an application as loops over its elements read them. */
export function pairOf({ operands: { x, y }, out, sizes }: Application): PairOperands {
  const [xAt, yAt] = [alignment(x, out, sizes), alignment(y, out, sizes)];
  return { x: x.value, xBound: x.bound, xAt, y: y.value, yBound: y.bound, yAt };
}

/** Error bounds of an elementwise result of operands x and y: f(x, y, bound of x, bound of y). */
export function boundBinary(
  application: Application,
  { value, zero }: Evaluated,
  f: (x: number, y: number, ex: number, ey: number) => number,
): Float64Array {
  const { x, xBound, xAt, y, yBound, yAt } = pairOf(application);
  const bound = floats(value.length);
  for (let i = 0; i < bound.length; i++) {
    if (zero?.[i]) continue;
    const xi = xAt ? xAt[i] : i;
    const yi = yAt ? yAt[i] : i;
    bound[i] = f(x[xi], y[yi], xBound ? xBound[xi] : 0, yBound ? yBound[yi] : 0);
  }
  return bound;
}

/** Error bounds of a sum or difference of x and y: 0 where it is infinite without error. */
export function boundSum(application: Application, { value, zero }: Evaluated): Float64Array {
  const { a } = application.profile;
  const { x, xBound, xAt, y, yBound, yAt } = pairOf(application);
  const bound = floats(value.length);
  for (let i = 0; i < bound.length; i++) {
    if (zero?.[i]) continue;
    const xi = xAt ? xAt[i] : i;
    const yi = yAt ? yAt[i] : i;
    const ex = xBound ? xBound[xi] : 0;
    const ey = yBound ? yBound[yi] : 0;
    const e = (ex + ey) * (1 + a) + a * Math.abs(value[i]);
    bound[i] = e < Infinity || !isExactInfinity(x[xi], y[yi], ex, ey, value[i]) ? e : 0;
  }
  return bound;
}
