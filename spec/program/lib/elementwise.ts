import type { Application, Evaluated, Signature, TensorType } from '../primitive.js';
import { bytes, floats } from '../scratch.js';
import { elements, offsets, type ProgramTensor, type Sizes, sameAxes, union } from '../tensor.js';

/** Returns the operand's element offset for every element of the result, or undefined if the two have the same axes. */
export function alignment(t: ProgramTensor, out: TensorType, sizes: Sizes): Int32Array | undefined {
  return sameAxes(t.axes, out.axes) ? undefined : offsets(t.axes, out.axes, sizes);
}

/** Type of an elementwise result: the union of the operands' axes. */
export function broadcast(signature: Signature): TensorType {
  return { kind: 'number', axes: union(...Object.values(signature.operands).map((t) => t.axes)) };
}

/** Rule by which an element of a result is a structural zero: any operand has one there, both have, or the first has. */
export type ZeroRule = 'any' | 'both' | 'first';

/**
 * Applies f to operand x element by element.
 * @param keepsZero keeps structural zeros, for f with f(0) = 0.
 */
export function mapUnary(application: Application, keepsZero: boolean, f: (x: number) => number): Evaluated {
  const { x } = application.operands;
  // `map` of a typed array takes several times as long
  const value = floats(x.value.length);
  for (let i = 0; i < value.length; i++) value[i] = f(x.value[i]);
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

/** Returns the loop that applies f to each pair. What a program computes most has a loop of its own, without a call for each element. */
export function eachPair(f: (x: number, y: number) => number): PairLoop {
  return (out, x, xAt, y, yAt) => {
    for (let i = 0; i < out.length; i++) out[i] = f(x[xAt ? xAt[i] : i], y[yAt ? yAt[i] : i]);
  };
}

/** Combines operands x and y element by element; axes are broadcast by name. */
export function mapBinary(application: Application, rule: ZeroRule, loop: PairLoop): Evaluated {
  const { operands, out, sizes } = application;
  const { x, y } = operands;
  const { zero: xZero } = x;
  const { zero: yZero } = y;
  const value = floats(elements(out.axes, sizes));
  const xAt = alignment(x, out, sizes);
  const yAt = alignment(y, out, sizes);
  loop(value, x.value, xAt, y.value, yAt);
  const possible = rule === 'any' ? xZero || yZero : rule === 'both' ? xZero && yZero : xZero;
  if (!possible) return { value };
  const zero = bytes(value.length);
  for (let i = 0; i < value.length; i++) {
    const first = xZero ? xZero[xAt ? xAt[i] : i] : 0;
    const second = yZero ? yZero[yAt ? yAt[i] : i] : 0;
    zero[i] = rule === 'any' ? first | second : rule === 'both' ? first & second : first;
    if (zero[i]) value[i] = 0;
  }
  return { value, zero };
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

/**
 * Error bounds of an elementwise result of operands x and y: f(x, y, bound of x, bound of y, result, least magnitude of y when y may
 * overflow, else 0).
 */
export function boundBinary(
  application: Application,
  result: Evaluated,
  f: (x: number, y: number, ex: number, ey: number, r: number, leastY: number) => number,
): Float64Array {
  const { operands, out, sizes } = application;
  const { x, y } = operands;
  const { value: xValue, bound: xBound } = x;
  const { value: yValue, bound: yBound, least: yLeast } = y;
  const { value, zero } = result;
  const bound = floats(value.length);
  const xAt = alignment(x, out, sizes);
  const yAt = alignment(y, out, sizes);
  for (let i = 0; i < bound.length; i++) {
    if (zero?.[i]) continue;
    const xi = xAt ? xAt[i] : i;
    const yi = yAt ? yAt[i] : i;
    bound[i] = f(xValue[xi], yValue[yi], xBound ? xBound[xi] : 0, yBound ? yBound[yi] : 0, value[i], yLeast ? yLeast[yi] : 0);
  }
  return bound;
}

/** Error bounds of a sum or difference of x and y: 0 where it is infinite without error. */
export function boundSum(application: Application, result: Evaluated): Float64Array {
  const { a } = application.profile;
  return boundBinary(application, result, (x, y, ex, ey, r) =>
    isExactInfinity(x, y, ex, ey, r) ? 0 : (ex + ey) * (1 + a) + a * Math.abs(r),
  );
}
