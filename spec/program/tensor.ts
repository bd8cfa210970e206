import { bytes, floats, integers, madeFor } from './scratch.js';

/** Error terms of a softmax (NUMERICS, "dot of a softmax over its own axis with v"). */
export interface SoftmaxAnalysis {
  readonly axis: string;
  readonly rowAxes: readonly string[];
  /**
   * Error of each weight per distance of a value from the mean: p[(1 − p)rel + (T − p·rel) + 2(T +
   * rel)²], or its limit in a row that one key wins.
   */
  readonly near: Float64Array;
  readonly most?: Float64Array;
  readonly unknown: Uint8Array;
  /** Relative error of each row's sum, rescalings and division. */
  readonly sumError: Float64Array;
  /** B of each row: number of tiles with a visible key. */
  readonly tiles: Float64Array;
  /** Error of each row's sink weight, as `near`; 0 without a sink. */
  readonly sink: Float64Array;
  /** Relative error of weights recomputed from L and largest score m: (4(|m| + |L|) + 12)a. */
  readonly recomputed: Float64Array;
  /** 1 for each row without visible keys and with output NaN. */
  readonly undefinedRow: Uint8Array;
  readonly store?: { readonly u: number; readonly w: number };
}

/** Row-major float64 tensor over named axes; booleans are 0 and 1; ∞ bounds are undecided. */
export interface ProgramTensor {
  readonly axes: readonly string[];
  readonly value: Float64Array;
  /** Error bound of each element; absent if all are exact. */
  readonly bound?: Float64Array;
  /** Least magnitude of an element that may overflow; 0 if unknown. Its sign is exact. */
  readonly least?: Float64Array;
  /** 1 for each structural zero, which adds exactly 0 to a sum, even times infinity or NaN. */
  readonly zero?: Uint8Array;
  /** True for an input that is multiplied by the scale and stored before use. */
  readonly prescaled?: boolean;
  readonly softmax?: SoftmaxAnalysis;
}

/** Structure of elements: a sum of `terms` products with a `largest` factor, or a quotient. */
export type Form =
  | { readonly kind: 'products'; readonly terms: number; largest(): Float64Array }
  | { readonly kind: 'quotient'; readonly numerator: ProgramTensor; readonly divisor: ProgramTensor };

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

/** Tells if two lists of axes give the same element order; axes of size 1 do not matter. */
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

/** Stride of an axis; 0 if the tensor lacks it. */
export function strideOf(axes: readonly string[], axis: string, sizes: Sizes): number {
  const at = axes.indexOf(axis);
  return at < 0 ? 0 : elements(axes.slice(at + 1), sizes);
}

/** Trie of offsets by axis names: four times as fast as a joined key. */
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

const END = [''];

/**
 * Element offset in a row-major tensor over `axes` for each index over `space`. Missing axes are
 * broadcast; axes outside `space` stay at 0. The result is shared: do not modify it.
 */
export function offsets(axes: readonly string[], space: readonly string[], sizes: Sizes): Int32Array {
  // values, bounds and gradients ask for the same offsets
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
  // innermost axis first: repeat the offsets so far along the next axis, shifted by its stride
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

/** Elements at these offsets. */
export function gather<A extends Float64Array | Uint8Array>(data: A, at: Int32Array): A {
  const out = (data instanceof Float64Array ? floats(at.length) : bytes(at.length)) as A;
  for (let i = 0; i < at.length; i++) out[i] = data[at[i]];
  return out;
}

/** Copy with its axes in another order; the tensor itself if the order is the same. */
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
