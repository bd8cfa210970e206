import { hashOf, mix, nameHash } from '../../spec/lib/hash.js';
import type { DType } from '../../spec/tensor/dtype.js';
import { sizeOf } from '../../spec/tensor/tensor.js';
import type { Case } from '../../spec/types/documents.js';
import { type DrawName, SHIFT, storedTableOf, tableOf } from './element.js';

/** Writes rows [first, first + count), as long as the last axis, to `out` from `at` on. */
export type RowWriter = (first: number, count: number, out: Float64Array, at: number) => void;

/** Number of rows of a tensor: 1 for a tensor without axes; empty rows count. */
export function rowCount(shape: readonly number[]): number {
  return sizeOf(shape.slice(0, -1));
}

/**
 * Writer of drawn rows. Each element is a hash of (seed, tensor, indices): shrinking an axis keeps
 * the other values, and any row can be drawn alone.
 * @param dtype rounds rows to a type.
 */
export function rowDraw({ values: { seed } }: Case, name: string, shape: readonly number[], drawName: DrawName, dtype?: DType): RowWriter {
  const draw = dtype ? storedTableOf(drawName, dtype) : tableOf(drawName);
  const rows = { draw, width: shape.at(-1) ?? 1, axes: shape.slice(0, -1), base: hashOf(seed, nameHash(name)) };
  return (first, count, out, at) => drawRows(rows, first, count, out, at);
}

interface HashedRows {
  readonly draw: Float64Array;
  readonly width: number;
  readonly axes: readonly number[];
  readonly base: number;
}

// a module-level function: V8 drops the compiled code of a closure together with its tensor
function drawRows({ draw, width, axes, base }: HashedRows, first: number, count: number, out: Float64Array, at: number): void {
  const index = new Array<number>(axes.length);
  for (let axis = axes.length - 1, rest = first; axis >= 0; axis--) {
    index[axis] = rest % axes[axis];
    rest = Math.floor(rest / axes[axis]);
  }
  for (let to = at, end = at + count * width; to < end; to += width) {
    let row = base;
    for (let axis = 0; axis < axes.length; axis++) row = mix(Math.imul(row, 31) + index[axis] + 0x7f4a7c15);
    for (let x = 0; x < width; x++) out[to + x] = draw[mix(row + Math.imul(x, 0x9e3779b9)) >>> SHIFT];
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      if (++index[axis] < axes[axis]) break;
      index[axis] = 0;
    }
  }
}

/** Draws rows, then lets `write` overwrite elements in them. */
export function inTurn(draw: RowWriter, write: RowWriter | undefined): RowWriter {
  if (!write) return draw;
  return (first, count, out, at) => {
    draw(first, count, out, at);
    write(first, count, out, at);
  };
}
