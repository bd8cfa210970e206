import { valueIn, type World } from '../../../spec/scheme/world.js';
import { allocate } from '../../../spec/tensor/dtype.js';
import { contiguousData, isShapeOnly, shapeOnly, type Tensor, tensor, valuesOf } from '../../../spec/tensor/tensor.js';

/** Block at positions [start, start + length), with the number of passed keys. */
interface PassingBlock {
  readonly start: number;
  readonly length: number;
  readonly passed: number;
}

/** Tokens of a rank, and the number of keys that it gives to later ranks. */
export interface PassingRank {
  readonly start: number;
  /** Number of its first tokens that lie in the anchor. */
  readonly anchor: number;
  readonly passed: number;
  readonly blocks: readonly PassingBlock[];
}

/** Returns the ranks that have tokens. Only the last block of all may be shorter. */
export function passingRanks(world: World): PassingRank[] {
  const [anchor, block, top, chunk, hosts] = ['anchor', 'block', 'top', 'chunk', 'hosts'].map((name) => valueIn(world, name));
  return Array.from({ length: hosts }, (_, rank) => {
    const start = rank * chunk;
    const end = Math.min(world.tokens, start + chunk);
    const blocks = Array.from({ length: Math.ceil((end - start) / block) }, (_, x) => {
      const first = start + x * block;
      const length = Math.min(block, end - first);
      return { start: first, length, passed: Math.min(top, first + length - Math.max(first, Math.min(first + length, anchor))) };
    });
    return {
      start,
      anchor: Math.max(0, Math.min(end, anchor) - start),
      passed: blocks.reduce((sum, { passed }) => sum + passed, 0),
      blocks,
    };
  });
}

/** Returns the rows that each block passes on: largest scores [b, hk, l, 1] outside the anchor. */
export function rowsPassedOn(score: Tensor, { start, anchor, blocks }: PassingRank): Int32Array[] {
  return blocks.map((block) => {
    const row = block.start - start;
    return largestRows(score, Math.max(row, anchor), row + block.length, block.passed);
  });
}

/**
 * Returns rows of the `count` largest scores in [first, end) by head, ascending; ties go to the
 * first.
 * @param score [b, heads, l, 1]; shape-only scores choose the first rows.
 * @returns [b·heads·count].
 */
export function largestRows(score: Tensor, first: number, end: number, count: number): Int32Array {
  const [b, heads, l] = score.shape;
  const values = isShapeOnly(score) ? new Float64Array(b * heads * l) : valuesOf(score);
  const rows = new Int32Array(b * heads * count);
  for (let head = 0; head < b * heads; head++) {
    const of = (row: number) => values[head * l + row];
    const sorted = Array.from({ length: end - first }, (_, x) => first + x).sort((x, y) => of(y) - of(x) || x - y);
    rows.set(
      sorted.slice(0, count).sort((x, y) => x - y),
      head * count,
    );
  }
  return rows;
}

/** Returns rows [b·h·count] of [b, h, l, d], chosen by head, as [b, h, count, d]. */
export function rowsByHead(t: Tensor, rows: Int32Array): Tensor {
  const [b, h, l, d] = t.shape;
  const count = rows.length / (b * h);
  if (isShapeOnly(t)) return shapeOnly(t.dtype, [b, h, count, d]);
  const from = contiguousData(t);
  const data = allocate(t.dtype, rows.length * d);
  rows.forEach((row, x) => {
    const at = (Math.floor(x / count) * l + row) * d;
    data.set(from.subarray(at, at + d), x * d);
  });
  return tensor(t.dtype, [b, h, count, d], data);
}

/** Adds terms [heads, count, d] to rows of `into` [heads, l, d], chosen by head. */
export function addByHead(into: Float64Array, terms: ArrayLike<number>, rows: Int32Array, heads: number, l: number, d: number): void {
  const count = rows.length / heads;
  for (let x = 0; x * d < terms.length; x++) {
    const at = (Math.floor(x / count) * l + rows[x]) * d;
    for (let c = 0; c < d; c++) into[at + c] += terms[x * d + c];
  }
}
