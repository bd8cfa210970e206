import { areaOf } from '../compile/area.js';
import type { CompiledMask } from '../compile/compiled-mask.js';

/** Mask of some query heads of one batch entry, without tables. @throws {RangeError} */
export function headsOfMask(mask: CompiledMask, b: number, heads: readonly number[]): CompiledMask {
  if (b >= mask.b || heads.some((head) => head >= mask.heads)) {
    throw new RangeError(`batch entry ${b} and heads ${heads.join(', ')} are not in a mask of ${mask.b} × ${mask.heads}`);
  }
  const part: CompiledMask = {
    b: 1,
    heads: heads.length,
    m: mask.m,
    n: mask.n,
    perBatch: false,
    perHead: mask.perHead,
    visible: (_, h, i, j) => mask.visible(b, heads[h], i, j),
    runs: (_, h, i, out) => mask.runs(b, heads[h], i, out),
    ...(mask.scans && { scans: () => mask.scans?.() === true }),
    area: () => areaOf(part),
    tables: {},
  };
  return part;
}
