import type { Tensor } from '../tensor/tensor.js';
import type { Case, Layout } from '../types/documents.js';
import { flatAxesOf, layoutForm } from './facts.js';

/** Effect of layouts on a tensor: see `layoutForm`. */
export type LayoutForm = ReturnType<typeof layoutForm>;

type Strided = Pick<Tensor, 'shape' | 'strides'>;

/** Tells if a tensor has heads and tokens, which layouts swap. */
export function isOfTokens(axes: readonly string[]): boolean {
  return layoutForm(flatAxesOf(axes)) === 'tokens';
}

/** Shape of a tensor in layout bhld; adjacent hk and g are one axis. */
export function shapeOfAxes(axes: readonly string[], { dims }: Pick<Case, 'dims'>): number[] {
  return flatAxesOf(axes).map((axis) => (axis === 'h' ? dims.hk * dims.g : dims[axis]));
}

/** Shape or axis names in a layout: blhd and thd swap heads and tokens, thd drops b. */
export function layOut<T>(form: LayoutForm, shape: readonly T[], layout: Layout): readonly T[] {
  const swapped = layout !== 'bhld' && form === 'tokens' ? exchanged(shape) : shape;
  return layout === 'thd' && form !== 'fixed' ? swapped.slice(1) : swapped;
}

/** View of a tensor in bhld order: the inverse of `layOut`. */
export function inAxisOrder<T extends Strided>(form: LayoutForm, t: T, layout: Layout): T {
  const whole = layout === 'thd' && form !== 'fixed' ? { ...t, shape: [1, ...t.shape], strides: [0, ...t.strides] } : t;
  if (layout === 'bhld' || form !== 'tokens' || whole.shape.length !== 4) return whole;
  return { ...whole, shape: exchanged(whole.shape), strides: exchanged(whole.strides) };
}

function exchanged<T>([b, h, l, d]: readonly T[]): T[] {
  return [b, l, h, d];
}

/** Axis names of a tensor in a layout; adjacent hk and g are `h`. */
export function axesInLayout(axes: readonly string[], layout: Layout): readonly string[] {
  const flat = flatAxesOf(axes);
  return layOut(layoutForm(flat), flat, layout);
}

/** Shape of a tensor in the layout of a case. */
export function shapeInLayout(axes: readonly string[], c: Pick<Case, 'dims' | 'layout'>): readonly number[] {
  return layOut(layoutForm(flatAxesOf(axes)), shapeOfAxes(axes, c), c.layout);
}
