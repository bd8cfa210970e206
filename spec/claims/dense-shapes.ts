import type { DenseShape } from '../mask/views/dense.js';

/** Shapes of a dense mask: every axis but n may have size 1. */
export const allDenseShapes = ['b', '1'].flatMap((b) => ['h', '1'].flatMap((h) => ['m', '1'].map((m) => `${b} ${h} ${m} n`)));

/** Axes of full size, besides n; the rest have size 1. */
interface DenseAxes {
  readonly b: boolean;
  readonly heads: boolean;
  readonly m: boolean;
}

/** Parses a claimed shape of a dense mask, for example `b 1 m n`. */
export function denseAxes(shape: string): DenseAxes {
  const [b, heads, m] = shape.split(' ');
  return { b: b !== '1', heads: heads !== '1', m: m !== '1' };
}

/** Sizes of claimed shapes at these sizes of an attention. */
export function denseSizes(shapes: readonly string[], { b, heads, m }: DenseShape): DenseShape[] {
  return shapes.map(denseAxes).map((full) => ({ b: full.b ? b : 1, heads: full.heads ? heads : 1, m: full.m ? m : 1 }));
}
