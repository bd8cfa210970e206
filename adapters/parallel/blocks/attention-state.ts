import { isShapeOnly, sizeOf, type Tensor } from '../../../spec/tensor/tensor.js';

export interface AttentionState {
  readonly o: Float64Array;
  readonly lse: Float64Array;
}

/** Returns (0, −∞) for the rows of q [b, heads, rows, d], empty for shape-only tensors. */
export function partialLike(q: Tensor, e: number): AttentionState {
  return isShapeOnly(q) ? { o: new Float64Array(0), lse: new Float64Array(0) } : emptyPartial(sizeOf(q.shape.slice(0, 3)), e);
}

export function emptyPartial(rows: number, e: number): AttentionState {
  return { o: new Float64Array(rows * e), lse: new Float64Array(rows).fill(-Infinity) };
}

/**
 * Merges `other` into `into` with weights exp(lse − m), m being the larger LSE (SCHEMES, shared
 * algebra). −∞ with −∞ stays (0, −∞). Skips shape-only tensors.
 */
export function mergeInto(into: AttentionState, other: AttentionState): void {
  const rows = other.lse.length === 0 ? 0 : into.lse.length;
  const e = rows === 0 ? 0 : into.o.length / rows;
  for (let row = 0; row < rows; row++) {
    const [x, y] = [into.lse[row], other.lse[row]];
    if (y === -Infinity) continue;
    const m = Math.max(x, y);
    const [wx, wy] = [Math.exp(x - m), Math.exp(y - m)];
    const sum = wx + wy;
    into.lse[row] = m + Math.log(sum);
    for (let c = row * e; c < (row + 1) * e; c++) {
      // Skip an empty side: 0 × NaN would poison the sum.
      into.o[c] = wx === 0 ? other.o[c] * (wy / sum) : into.o[c] * (wx / sum) + other.o[c] * (wy / sum);
    }
  }
}
