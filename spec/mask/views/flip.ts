import { areaOf } from '../compile/area.js';
import type { CompiledMask } from '../compile/compiled-mask.js';

/** Mask with cell [i, j] flipped in all batch entries and heads, without tables. */
export function flipCell(mask: CompiledMask, i: number, j: number): CompiledMask {
  if (!(0 <= i && i < mask.m && 0 <= j && j < mask.n))
    throw new RangeError(`[${i}, ${j}] is not a cell of a mask of ${mask.m} × ${mask.n}`);
  const visible: CompiledMask['visible'] = (b, h, query, key) => mask.visible(b, h, query, key) !== (query === i && key === j);
  const flipped: CompiledMask = {
    b: mask.b,
    heads: mask.heads,
    m: mask.m,
    n: mask.n,
    perBatch: mask.perBatch,
    perHead: mask.perHead,
    visible,
    runs: (b, h, query, out) => (query === i ? listRuns(mask.n, (key) => visible(b, h, query, key), out) : mask.runs(b, h, query, out)),
    area: () => areaOf(flipped),
    tables: {},
  };
  return flipped;
}

/** Writes the runs [start, end) of keys that satisfy a predicate; returns their number. */
export function listRuns(n: number, sees: (key: number) => boolean, out: Int32Array): number {
  let count = 0;
  let open = false;
  for (let j = 0; j < n; j++) {
    const seen = sees(j);
    if (seen && !open) out[2 * count] = j;
    if (seen) out[2 * count + 1] = j + 1;
    else if (open) count++;
    open = seen;
  }
  return open ? count + 1 : count;
}
