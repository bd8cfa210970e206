import type { DType } from '../../tensor/dtype.js';
import { encode } from '../../tensor/float-bits.js';
import { type Tensor, tensor } from '../../tensor/tensor.js';
import type { CompiledMask } from '../compile/compiled-mask.js';

/** Leading sizes of a dense mask: the mask's sizes, or 1. */
export interface DenseShape {
  readonly b: number;
  readonly heads: number;
  readonly m: number;
}

/** Mask as BOOL [b, heads, m, n] of the given sizes. @param drop 1 hides instead of keeps. */
export function denseBoolean(mask: CompiledMask, shape: DenseShape, drop: boolean): Tensor {
  const dense = tensor('bool', [shape.b, shape.heads, shape.m, mask.n]);
  fill(dense, mask, drop ? 1 : 0, drop ? 0 : 1);
  return dense;
}

/** Mask as a term of the scores: 0 if visible, else −∞; [b, heads, m, n] of the given sizes. */
export function denseAdditive(mask: CompiledMask, shape: DenseShape, dtype: DType): Tensor {
  if (dtype === 'f8e4m3') throw new TypeError('f8e4m3 has no infinity to mask with');
  const dense = tensor(dtype, [shape.b, shape.heads, shape.m, mask.n]);
  fill(dense, mask, encode(dtype, -Infinity), encode(dtype, 0));
  return dense;
}

/** True if a mask of these sizes broadcasts to the whole mask. */
export function fitsShape(mask: CompiledMask, shape: DenseShape): boolean {
  const batches = mask.perBatch ? mask.b : 1;
  const heads = mask.perHead ? mask.heads : 1;
  const shared = { b: shape.b < batches, heads: shape.heads < heads, m: shape.m < mask.m };
  if (!shared.b && !shared.heads && !shared.m) return true;
  const mine = new Int32Array(mask.n + 2);
  const shown = new Int32Array(mask.n + 2);
  for (let b = 0; b < batches; b++) {
    for (let h = 0; h < heads; h++) {
      for (let i = 0; i < mask.m; i++) {
        const count = mask.runs(b, h, i, mine);
        if (count !== mask.runs(shared.b ? 0 : b, shared.heads ? 0 : h, shared.m ? 0 : i, shown)) return false;
        for (let x = 0; x < 2 * count; x++) if (mine[x] !== shown[x]) return false;
      }
    }
  }
  return true;
}

function fill({ data, shape }: Tensor, mask: CompiledMask, hidden: number, visible: number): void {
  const [batches, heads, rows, n] = shape;
  if (hidden !== 0) data.fill(hidden);
  const runs = new Int32Array(n + 2);
  let row = 0;
  for (let b = 0; b < batches; b++) {
    for (let h = 0; h < heads; h++) {
      for (let i = 0; i < rows; i++, row += n) {
        const count = mask.runs(b, h, i, runs);
        for (let x = 0; x < count; x++) data.fill(visible, row + runs[2 * x], row + runs[2 * x + 1]);
      }
    }
  }
}
