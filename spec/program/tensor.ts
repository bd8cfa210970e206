import { bytes, floats, integers, madeFor } from './scratch.js';

/** Error terms of a softmax, for a contraction over its own axis (NUMERICS, "dot of a softmax over its own axis with v"). */
export interface SoftmaxAnalysis {
  readonly axis: string;
  /** Axes of the tensor without `axis`: one row for each index over them. */
  readonly rowAxes: readonly string[];
  /** Error of each weight, by the distance of a value from the mean: p[(1 − p)rel + (T − p·rel) + 2(T + rel)²], or its limit in a row that one key wins. */
  readonly near: Float64Array;
  /** Largest weight that each element may have, if some row has a winner; else weights are near their own. */
  readonly most?: Float64Array;
  /** 1 for each row of whose weights nothing is known. */
  readonly unknown: Uint8Array;
  /** Relative error of each row's sum, its rescalings and the division. */
  readonly sumError: Float64Array;
  /** B of each row: number of tiles that contain a visible key. */
  readonly tiles: Float64Array;
  /** Error of the sink's weight in each row, as `near`; 0 without a sink. */
  readonly sink: Float64Array;
  /** Relative error of each row's weights where a backward pass recomputes them from the LSE: (4(|m| + |L|) + 12)a, for its largest score m and its LSE L; 0 without gradients. */
  readonly recomputed: Float64Array;
  /** 1 for each row without a visible key whose output is NaN by definition. */
  readonly undefinedRow: Uint8Array;
  /** Unit roundoff and absolute error of the store, if the weights are stored. */
  readonly store?: { readonly u: number; readonly w: number };
}

/** Tensor over named axes, row-major, in float64. Booleans are 0 and 1; an undecided one has an infinite bound. */
export interface ProgramTensor {
  readonly axes: readonly string[];
  readonly value: Float64Array;
  /** Error bound of each element. When absent, every element is exact. */
  readonly bound?: Float64Array;
  /**
   * Least magnitude of the implementation's value for each element whose bound is infinite because the accumulator may overflow. The
   * implementation's value has the sign of the exact one and may be infinite. 0 if no least magnitude is known.
   */
  readonly least?: Float64Array;
  /** 1 for each structural zero: an element that contributes exactly nothing to a sum, even multiplied by infinity or NaN. Absent where no element is one. */
  readonly zero?: Uint8Array;
  /** True for an input that the implementation multiplies by the scale and stores before use. */
  readonly prescaled?: boolean;
  readonly softmax?: SoftmaxAnalysis;
}

/** How the elements of a tensor are made: each a sum of `terms` products, of which `largest` is each one's largest factor; or a quotient. */
export type Form =
  | { readonly kind: 'products'; readonly terms: number; largest(): Float64Array }
  | { readonly kind: 'quotient'; readonly numerator: ProgramTensor; readonly divisor: ProgramTensor };

/** Axes of a mask. */
export const maskAxes: readonly string[] = ['b', 'hk', 'g', 'm', 'n'];

export type Sizes = Readonly<Record<string, number>>;

export function elements(axes: readonly string[], sizes: Sizes): number {
  return axes.reduce((product, axis) => product * sizes[axis], 1);
}

export function without(axes: readonly string[], removed: readonly string[]): string[] {
  return axes.filter((axis) => !removed.includes(axis));
}

export function union(...lists: readonly (readonly string[])[]): string[] {
  const all: string[] = [];
  for (const list of lists) for (const name of list) if (!all.includes(name)) all.push(name);
  return all;
}

/** Tells whether tensors over these axes have the same elements in the same order: axes of one element do not matter. */
export function samePlaces(a: readonly string[], b: readonly string[], sizes: Sizes): boolean {
  let at = 0;
  for (let i = 0; i < a.length; i++) {
    if (sizes[a[i]] === 1) continue;
    while (at < b.length && sizes[b[at]] === 1) at++;
    if (b[at++] !== a[i]) return false;
  }
  while (at < b.length && sizes[b[at]] === 1) at++;
  return at === b.length;
}

export function sameAxes(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((axis, i) => axis === b[i]);
}

/** Distance between neighbours along an axis; 0 if the tensor lacks the axis. */
export function strideOf(axes: readonly string[], axis: string, sizes: Sizes): number {
  const at = axes.indexOf(axis);
  return at < 0 ? 0 : elements(axes.slice(at + 1), sizes);
}

/** Offsets by the names of the axes, one after another: a step by name takes a quarter of the time that joining the names takes. */
interface Known {
  readonly next: Map<string, Known>;
  found?: Int32Array;
}

function after(known: Known, names: readonly string[]): Known {
  let at = known;
  for (let i = 0; i < names.length; i++) {
    let next = at.next.get(names[i]);
    if (!next) {
      next = { next: new Map() };
      at.next.set(names[i], next);
    }
    at = next;
  }
  return at;
}

/** Stands between two lists of axes: no axis has this name. */
const END = [''];

/**
 * Element offset in a row-major tensor over `axes` for every index over the axes `space`, in row-major order.
 * Axes of `space` that the tensor lacks are ignored (broadcasting); axes of the tensor outside `space` stay at index 0.
 * @returns an array that others have too: it must not be changed.
 */
export function offsets(axes: readonly string[], space: readonly string[], sizes: Sizes): Int32Array {
  // a program asks for the same ones again and again: for values, bounds and gradients
  const known = madeFor(sizes, unknown);
  const place = after(after(after(known, space), END), axes);
  place.found ??= computeOffsets(axes, space, sizes);
  return place.found;
}

const unknown = (): Known => ({ next: new Map() });

function computeOffsets(axes: readonly string[], space: readonly string[], sizes: Sizes): Int32Array {
  const out = integers(elements(space, sizes));
  if (out.length > 0) out[0] = 0;
  let filled = 1;
  // innermost axis first: the offsets so far are repeated along the next axis, shifted by its stride
  for (let at = space.length - 1; at >= 0; at--) {
    const size = sizes[space[at]];
    if (size === 1) continue;
    const stride = strideOf(axes, space[at], sizes);
    const end = filled * size;
    if (filled === 1) for (let next = 1; next < end; next++) out[next] = next * stride;
    else if (stride === 0) for (let next = filled; next < end; next *= 2) out.copyWithin(next, 0, Math.min(next, end - next));
    else for (let next = filled; next < end; next++) out[next] = out[next - filled] + stride;
    filled = end;
  }
  return out;
}

/** Returns the elements at these offsets. */
export function gather<A extends Float64Array | Uint8Array>(data: A, at: Int32Array): A {
  const out = (data instanceof Float64Array ? floats(at.length) : bytes(at.length)) as A;
  for (let i = 0; i < at.length; i++) out[i] = data[at[i]];
  return out;
}

/** Copies a tensor with its axes in another order; returns the tensor itself if the order is the same. */
export function arrange(t: ProgramTensor, axes: readonly string[], sizes: Sizes): ProgramTensor {
  if (sameAxes(t.axes, axes)) return t;
  const from = offsets(t.axes, axes, sizes);
  return {
    axes: [...axes],
    value: gather(t.value, from),
    ...(t.bound && { bound: gather(t.bound, from) }),
    ...(t.least && { least: gather(t.least, from) }),
    ...(t.zero && { zero: gather(t.zero, from) }),
  };
}
