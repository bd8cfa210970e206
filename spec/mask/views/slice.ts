import { areaOf } from '../compile/area.js';
import type { CompiledMask } from '../compile/compiled-mask.js';

/** Block of queries [start, end) and keys [start, end), without tables. @throws {RangeError} */
export function sliceMask(mask: CompiledMask, queries: readonly number[], keys: readonly number[]): CompiledMask {
  const [firstQuery, endQuery] = queries;
  const [firstKey, endKey] = keys;
  if (!within(firstQuery, endQuery, mask.m) || !within(firstKey, endKey, mask.n)) {
    throw new RangeError(`queries [${queries}) and keys [${keys}) are not a block of a mask of ${mask.m} × ${mask.n}`);
  }
  const whole = new Int32Array(mask.n + 2);
  const slice: CompiledMask = {
    b: mask.b,
    heads: mask.heads,
    m: endQuery - firstQuery,
    n: endKey - firstKey,
    perBatch: mask.perBatch,
    perHead: mask.perHead,
    visible: (b, h, i, j) => mask.visible(b, h, i + firstQuery, j + firstKey),
    runs(b, h, i, out) {
      const count = mask.runs(b, h, i + firstQuery, whole);
      let found = 0;
      for (let x = 0; x < count; x++) {
        const start = Math.max(whole[2 * x], firstKey) - firstKey;
        const end = Math.min(whole[2 * x + 1], endKey) - firstKey;
        if (start < end) {
          out[2 * found] = start;
          out[2 * found + 1] = end;
          found++;
        }
      }
      return found;
    },
    area: () => areaOf(slice),
    tables: {},
  };
  return slice;
}

function within(start: number, end: number, size: number): boolean {
  return Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end <= size;
}
