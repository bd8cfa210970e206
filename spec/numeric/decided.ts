/** Replaces NaN bounds, like ∞ · 0, with infinity (undecided), in place. */
export function decided<T extends Float64Array | undefined>(bound: T): T {
  if (bound) for (let i = 0; i < bound.length; i++) if (!(bound[i] >= 0)) bound[i] = Infinity;
  return bound;
}
