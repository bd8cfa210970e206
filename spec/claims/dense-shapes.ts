import type { DenseShape } from '../mask/views/dense.js';

/** Every shape of a dense mask in which an axis other than the keys may have size 1. */
export const allDenseShapes = ['b', '1'].flatMap((b) => ['h', '1'].flatMap((h) => ['m', '1'].map((m) => `${b} ${h} ${m} n`)));

/** The axes, beside the keys, that a claimed shape of a dense mask has in full; the others have size 1. */
interface DenseAxes {
  readonly b: boolean;
  readonly heads: boolean;
  readonly m: boolean;
}

/** Reads a claimed shape of a dense mask, such as `b 1 m n`. */
export function denseAxes(shape: string): DenseAxes {
  const [b, heads, m] = shape.split(' ');
  return { b: b !== '1', heads: heads !== '1', m: m !== '1' };
}

/** Returns the sizes that claimed shapes have in an attention of these sizes. */
export function denseSizes(shapes: readonly string[], { b, heads, m }: DenseShape): DenseShape[] {
  return shapes.map(denseAxes).map((full) => ({ b: full.b ? b : 1, heads: full.heads ? heads : 1, m: full.m ? m : 1 }));
}
