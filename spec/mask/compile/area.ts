import type { CompiledMask } from './compiled-mask.js';
import { runTotal } from './run-list.js';

/** Visible cells over all batch entries and query heads. @param perRow if queries may differ. */
export function areaOf(mask: CompiledMask, perRow = true): number {
  const batches = mask.perBatch ? mask.b : 1;
  const heads = mask.perHead ? mask.heads : 1;
  const rows = perRow ? mask.m : Math.min(mask.m, 1);
  const runs = new Int32Array(mask.n + 2);
  let total = 0;
  for (let b = 0; b < batches; b++) {
    for (let h = 0; h < heads; h++) {
      for (let i = 0; i < rows; i++) total += runTotal(runs, mask.runs(b, h, i, runs));
    }
  }
  return total * (mask.b / batches) * (mask.heads / heads) * (rows > 0 ? mask.m / rows : 0);
}
