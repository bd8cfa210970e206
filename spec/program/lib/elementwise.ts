import type { Application, Evaluated, Signature, TensorType } from '../primitive.js';
import { bytes, floats } from '../scratch.js';
import { elements, gather, offsets, type ProgramTensor, type Sizes, samePlaces, union } from '../tensor.js';

/** Operand offset of every result element; undefined if they are equal. */
export function alignment(t: ProgramTensor, out: TensorType, sizes: Sizes): Int32Array | undefined {
  return samePlaces(t.axes, out.axes, sizes) ? undefined : offsets(t.axes, out.axes, sizes);
}

/** Type of an elementwise result: the union of the operands' axes. */
export function broadcast(signature: Signature): TensorType {
  return { kind: 'number', axes: union(...Object.values(signature.operands).map((t) => t.axes)) };
}

/** Structural zeros of a result: if any operand, both, or the first is one. */
export type ZeroRule = 'any' | 'both' | 'first';

// Frequent primitives have separate loops: V8 inlines a callback only if a loop has few of them.

/** Sets each element of `out` from one of x. */
export type ElementLoop = (out: Float64Array, x: Float64Array) => void;

/** Loop that applies f to each element. */
export function each(f: (x: number) => number): ElementLoop {
  // `map` of a typed array is several times as slow
  return (out, x) => {
    for (let i = 0; i < out.length; i++) out[i] = f(x[i]);
  };
}

/** Applies a loop to operand x. @param keepsZero for functions that are 0 at 0. */
export function mapUnary(application: Application, keepsZero: boolean, loop: ElementLoop): Evaluated {
  const { x } = application.operands;
  const value = floats(x.value.length);
  loop(value, x.value);
  return keepsZero && x.zero ? { value, zero: x.zero } : { value };
}

/** Error bounds f(x, e, result, least magnitude of x if it may overflow, else 0). */
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

/** Combines elements of x and y. @param xAt offset in x of each result element; absent if equal. */
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

/** Tells if a sum or difference r is infinite without error, like ln 0. */
function isExactInfinity(x: number, y: number, ex: number, ey: number, r: number): boolean {
  if (Math.abs(r) !== Infinity || ex === Infinity || ey === Infinity) return false;
  return (Math.abs(x) === Infinity && ex === 0) || (Math.abs(y) === Infinity && ey === 0);
}

/** Interval of an implementation's value; an unknown end is infinite. */
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

/** Least magnitudes f of the operands' intervals; undefined if neither operand may overflow. */
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

/** Least magnitude in an interval; 0 if it contains 0. */
export function sizeOfInterval({ low, high }: Interval): number {
  return Math.max(0, low, -high);
}

/** Values, errors and offsets of operands x and y; an absent offset equals the result's. */
interface PairOperands {
  readonly x: Float64Array;
  readonly xBound?: Float64Array;
  readonly xAt?: Int32Array;
  readonly y: Float64Array;
  readonly yBound?: Float64Array;
  readonly yAt?: Int32Array;
}

/** Operands x and y of an application, for loops over its elements. */
export function pairOf({ operands: { x, y }, out, sizes }: Application): PairOperands {
  const [xAt, yAt] = [alignment(x, out, sizes), alignment(y, out, sizes)];
  return { x: x.value, xBound: x.bound, xAt, y: y.value, yBound: y.bound, yAt };
}

/** Error bounds of an elementwise result: f(x, y, bound of x, bound of y). */
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

/** Error bounds of a sum or difference: 0 if it is infinite without error. */
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
