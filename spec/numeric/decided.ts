/** Bounds in which NaN, such as that of an unbounded error of something zero, is made infinite: it says nothing. In place. */
export function decided<T extends Float64Array | undefined>(bound: T): T {
  if (bound) for (let i = 0; i < bound.length; i++) if (!(bound[i] >= 0)) bound[i] = Infinity;
  return bound;
}
