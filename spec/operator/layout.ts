import type { Case, Layout } from '../types/documents.js';
import { flatAxesOf, layoutForm } from './facts.js';

/** How layouts lay out a tensor: see `layoutForm`. */
export type LayoutForm = ReturnType<typeof layoutForm>;

/** Tells whether a tensor of these axes has heads and tokens, which layouts exchange. */
export function isOfTokens(axes: readonly string[]): boolean {
  return layoutForm(flatAxesOf(axes)) === 'tokens';
}

/** Shape of a tensor of these axes in layout bhld: neighbours hk and g are one axis of query heads. */
export function shapeOfAxes(axes: readonly string[], { dims }: Pick<Case, 'dims'>): number[] {
  return flatAxesOf(axes).map((axis) => (axis === 'h' ? dims.hk * dims.g : dims[axis]));
}

/** Shape in a layout, from the one in bhld: blhd and thd swap heads and sequence; thd has no batch axis, nor has its lse [h, l]. */
export function layOut(form: LayoutForm, shape: readonly number[], layout: Layout): readonly number[] {
  const [b, h, l, d] = shape;
  const swapped = layout !== 'bhld' && form === 'tokens' ? [b, l, h, d] : shape;
  return layout === 'thd' && form !== 'fixed' ? swapped.slice(1) : swapped;
}

/** Shape of a tensor of these axes in the layout of a case. */
export function shapeInLayout(axes: readonly string[], c: Pick<Case, 'dims' | 'layout'>): readonly number[] {
  return layOut(layoutForm(flatAxesOf(axes)), shapeOfAxes(axes, c), c.layout);
}
