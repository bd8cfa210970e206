/** What softmax leaves for a contraction over its own axis: see NUMERICS, "dot of a softmax over its own axis with v". */
export interface SoftmaxAnalysis {
  readonly axis: string;
  /** Axes of a row: those of the tensor without `axis`. */
  readonly rowAxes: readonly string[];
  /** By element: the relative error of its exponential. */
  readonly relative: Float64Array;
  /** By row: T, the sum of p·rel, the sink's included. */
  readonly total: Float64Array;
  /** By row: relative error of the sum, its rescalings and the division. */
  readonly sumError: Float64Array;
  /** By row: B, tiles of keys in which it sees one. */
  readonly tiles: Float64Array;
  /** By row: p[(1 − p)rel + (T − p·rel) + 2(T + rel)²] of the sink; 0 where there is none. */
  readonly sink: Float64Array;
  /** By row: |m| + |L|, its largest score and its LSE. */
  readonly magnitude: Float64Array;
  /** By row: 1 where nothing is visible and the output is NaN by definition. */
  readonly undefinedRow: Uint8Array;
  /** Where the weights are stored: unit roundoff and absolute error of the store. */
  readonly store?: { readonly u: number; readonly w: number };
}

/** Values over named axes, row-major, in float64. Booleans are 0 and 1, with an infinite bound where undecided. */
export interface ProgramTensor {
  readonly axes: readonly string[];
  readonly shape: readonly number[];
  readonly value: Float64Array;
  /** Error bound of each element; absent: exact. */
  readonly bound?: Float64Array;
  /**
   * Where the bound of an element is infinite because the accumulator may overflow: the least that an implementation's value is in size, with the
   * sign of the exact one; it may be infinite. 0 where nothing is known.
   */
  readonly least?: Float64Array;
  /** 1 where the element is a structural zero: it contributes exactly nothing, whatever it meets. */
  readonly zero?: Uint8Array;
  /** An input that the implementation scales in storage before it uses it. */
  readonly prescaled?: boolean;
  readonly softmax?: SoftmaxAnalysis;
}

/** Axes of a mask. */
export const maskAxes: readonly string[] = ['b', 'hk', 'g', 'm', 'n'];

export type Sizes = Readonly<Record<string, number>>;

export function elements(axes: readonly string[], sizes: Sizes): number {
  return axes.reduce((product, axis) => product * sizes[axis], 1);
}

export function shapeOf(axes: readonly string[], sizes: Sizes): number[] {
  return axes.map((axis) => sizes[axis]);
}

export function without(axes: readonly string[], removed: readonly string[]): string[] {
  return axes.filter((axis) => !removed.includes(axis));
}

export function union(...lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())];
}

export function sameAxes(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((axis, i) => axis === b[i]);
}

/** Distance between neighbours along an axis; 0 where the tensor lacks it. */
export function strideOf(axes: readonly string[], axis: string, sizes: Sizes): number {
  const at = axes.indexOf(axis);
  return at < 0 ? 0 : elements(axes.slice(at + 1), sizes);
}

/**
 * For every point of the space over `space` (row-major), where a row-major tensor over `axes` has its element.
 * Axes of the space that the tensor lacks are ignored (broadcasting); axes of the tensor outside the space stay at 0.
 */
export function offsets(axes: readonly string[], space: readonly string[], sizes: Sizes): Int32Array {
  const out = new Int32Array(elements(space, sizes));
  let filled = 1;
  // the innermost axis first: what is filled so far is repeated along the next one, shifted by its stride
  for (let at = space.length - 1; at >= 0; at--) {
    const size = sizes[space[at]];
    const stride = strideOf(axes, space[at], sizes);
    for (let i = size - 1; i >= 0; i--) {
      for (let k = 0; k < filled; k++) out[i * filled + k] = out[k] + i * stride;
    }
    filled *= size;
  }
  return out;
}

/** The same elements with the axes in another order. */
export function arrange(t: ProgramTensor, axes: readonly string[], sizes: Sizes): ProgramTensor {
  if (sameAxes(t.axes, axes)) return t;
  const from = offsets(t.axes, axes, sizes);
  const pick = <A extends Float64Array | Uint8Array>(data: A): A => data.map((_, i) => data[from[i]]) as A;
  return {
    axes: [...axes],
    shape: shapeOf(axes, sizes),
    value: pick(t.value),
    ...(t.bound && { bound: pick(t.bound) }),
    ...(t.least && { least: pick(t.least) }),
    ...(t.zero && { zero: pick(t.zero) }),
  };
}
