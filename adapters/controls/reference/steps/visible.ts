import { cell } from '../problem/broadcast.js';
import type { SoftmaxProblem } from '../problem/softmax-problem.js';

/** True if query (b, h, i) sees key j: by the window around the query's place, the mask, and a bias that is not −∞. */
export function visible(p: SoftmaxProblem, b: number, h: number, i: number, j: number): boolean {
  const place = i + p.offset;
  if (p.left >= 0 && j < place - p.left) return false;
  if (p.right >= 0 && j > place + p.right) return false;
  if (p.mask !== undefined && p.mask.data[cell(p.mask.at, b, h, i, j)] === 0) return false;
  return p.bias === undefined || p.bias.values[cell(p.bias.at, b, h, i, j)] !== -Infinity;
}

/** No key before this one is visible to query i. */
export function firstKey(p: SoftmaxProblem, i: number): number {
  return p.left < 0 ? 0 : Math.max(0, i + p.offset - p.left);
}

/** No key from this one on is visible to query i. */
export function endKey(p: SoftmaxProblem, i: number): number {
  return p.right < 0 ? p.n : Math.min(p.n, i + p.offset + p.right + 1);
}
