import type { Application, Evaluated, Signature, TensorType } from './primitive.js';
import { elements, offsets, type ProgramTensor, type Sizes, sameAxes, union } from './tensor.js';

/** For every element of the result, where the operand has its element; undefined where they coincide. */
function alignment(t: ProgramTensor, out: TensorType, sizes: Sizes): Int32Array | undefined {
  return sameAxes(t.axes, out.axes) ? undefined : offsets(t.axes, out.axes, sizes);
}

/** The type of an elementwise result: the axes of all operands. */
export function broadcast(signature: Signature): TensorType {
  return { kind: 'number', axes: union(...Object.values(signature.operands).map((t) => t.axes)) };
}

/** Which structural zeros of the operands make the result one. */
export type ZeroRule = 'any' | 'both' | 'first';

/** f of operand x, element by element. @param keepsZero f(0) = 0: structural zeros stay. */
export function mapUnary(application: Application, keepsZero: boolean, f: (x: number) => number): Evaluated {
  const { x } = application.operands;
  const value = x.value.map(f);
  return keepsZero && x.zero ? { value, zero: x.zero } : { value };
}

/** Error bounds of an elementwise result of operand x: f(x, its bound, result, its least size where it may overflow). */
export function boundUnary(
  application: Application,
  result: Evaluated,
  f: (x: number, e: number, r: number, least: number) => number,
): Float64Array {
  const { x } = application.operands;
  const bound = new Float64Array(result.value.length);
  for (let i = 0; i < bound.length; i++) {
    if (!result.zero?.[i]) bound[i] = f(x.value[i], x.bound?.[i] ?? 0, result.value[i], x.least?.[i] ?? 0);
  }
  return bound;
}

/** f of operands x and y, broadcast by name. */
export function mapBinary(application: Application, rule: ZeroRule, f: (x: number, y: number) => number): Evaluated {
  const { operands, out, sizes } = application;
  const { x, y } = operands;
  const value = new Float64Array(elements(out.axes, sizes));
  const xAt = alignment(x, out, sizes);
  const yAt = alignment(y, out, sizes);
  for (let i = 0; i < value.length; i++) value[i] = f(x.value[xAt ? xAt[i] : i], y.value[yAt ? yAt[i] : i]);
  const possible = rule === 'any' ? x.zero || y.zero : rule === 'both' ? x.zero && y.zero : x.zero;
  if (!possible) return { value };
  const zero = new Uint8Array(value.length);
  for (let i = 0; i < value.length; i++) {
    const first = x.zero ? x.zero[xAt ? xAt[i] : i] : 0;
    const second = y.zero ? y.zero[yAt ? yAt[i] : i] : 0;
    zero[i] = rule === 'any' ? first | second : rule === 'both' ? first & second : first;
    if (zero[i]) value[i] = 0;
  }
  return { value, zero };
}

/** Numbers between which an implementation's value of an element lies; an end that is not known is infinite. */
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

/** Least sizes of an elementwise result of operands x and y, of which one may overflow: from the intervals of both. Undefined where none can. */
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

/** The smallest size in an interval: 0 where it holds 0. */
export function sizeOfInterval({ low, high }: Interval): number {
  return Math.max(0, low, -high);
}

/** Error bounds of an elementwise result of operands x and y: f(x, y, bound of x, bound of y, result, least size of y where it may overflow). */
export function boundBinary(
  application: Application,
  result: Evaluated,
  f: (x: number, y: number, ex: number, ey: number, r: number, leastY: number) => number,
): Float64Array {
  const { operands, out, sizes } = application;
  const { x, y } = operands;
  const bound = new Float64Array(result.value.length);
  const xAt = alignment(x, out, sizes);
  const yAt = alignment(y, out, sizes);
  for (let i = 0; i < bound.length; i++) {
    if (result.zero?.[i]) continue;
    const xi = xAt ? xAt[i] : i;
    const yi = yAt ? yAt[i] : i;
    bound[i] = f(x.value[xi], y.value[yi], x.bound?.[xi] ?? 0, y.bound?.[yi] ?? 0, result.value[i], y.least?.[yi] ?? 0);
  }
  return bound;
}
