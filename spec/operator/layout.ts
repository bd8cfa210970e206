import type { Tensor } from '../tensor/tensor.js';
import type { Case, Layout } from '../types/documents.js';
import { flatAxesOf, layoutForm } from './facts.js';

/** How layouts lay out a tensor: see `layoutForm`. */
export type LayoutForm = ReturnType<typeof layoutForm>;

/** Shape and strides of a tensor. */
type Strided = Pick<Tensor, 'shape' | 'strides'>;

/** Tells whether a tensor of these axes has heads and tokens, which layouts exchange. */
export function isOfTokens(axes: readonly string[]): boolean {
  return layoutForm(flatAxesOf(axes)) === 'tokens';
}

/** Shape of a tensor of these axes in layout bhld: neighbours hk and g are one axis of query heads. */
export function shapeOfAxes(axes: readonly string[], { dims }: Pick<Case, 'dims'>): number[] {
  return flatAxesOf(axes).map((axis) => (axis === 'h' ? dims.hk * dims.g : dims[axis]));
}

/** Shape in a layout, or the names of its axes, from those in bhld: blhd and thd swap heads and sequence; thd has no batch axis, nor has its lse [h, l]. */
export function layOut<T>(form: LayoutForm, shape: readonly T[], layout: Layout): readonly T[] {
  const swapped = layout !== 'bhld' && form === 'tokens' ? exchanged(shape) : shape;
  return layout === 'thd' && form !== 'fixed' ? swapped.slice(1) : swapped;
}

/** Returns the view of a tensor in a layout that has its axes in the order of layout bhld: the inverse of `layOut`. */
export function inAxisOrder<T extends Strided>(form: LayoutForm, t: T, layout: Layout): T {
  const whole = layout === 'thd' && form !== 'fixed' ? { ...t, shape: [1, ...t.shape], strides: [0, ...t.strides] } : t;
  if (layout === 'bhld' || form !== 'tokens' || whole.shape.length !== 4) return whole;
  return { ...whole, shape: exchanged(whole.shape), strides: exchanged(whole.strides) };
}

function exchanged<T>([b, h, l, d]: readonly T[]): T[] {
  return [b, l, h, d];
}

/** Names of the axes of a tensor as it lies in a layout: neighbours hk and g are `h`. */
export function axesInLayout(axes: readonly string[], layout: Layout): readonly string[] {
  const flat = flatAxesOf(axes);
  return layOut(layoutForm(flat), flat, layout);
}

/** Shape of a tensor of these axes in the layout of a case. */
export function shapeInLayout(axes: readonly string[], c: Pick<Case, 'dims' | 'layout'>): readonly number[] {
  return layOut(layoutForm(flatAxesOf(axes)), shapeOfAxes(axes, c), c.layout);
}
