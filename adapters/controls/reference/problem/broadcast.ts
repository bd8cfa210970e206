import type { Tensor } from '../../../../spec/tensor/tensor.js';

/** Offset and strides of a [b, heads, m, n] tensor, 0 along axes of size 1. */
export interface Broadcast {
  readonly offset: number;
  readonly b: number;
  readonly h: number;
  readonly i: number;
  readonly j: number;
}

export function broadcast(t: Pick<Tensor, 'shape' | 'strides' | 'offset'>): Broadcast {
  const [b, h, i, j] = t.shape.map((size, axis) => (size === 1 ? 0 : t.strides[axis]));
  return { offset: t.offset, b, h, i, j };
}

export function cell(x: Broadcast, b: number, h: number, i: number, j: number): number {
  return x.offset + b * x.b + h * x.h + i * x.i + j * x.j;
}
