import { areaOf } from '../compile/area.js';
import type { CompiledMask } from '../compile/compiled-mask.js';
import { listRuns } from './flip.js';

/**
 * The rows and keys of a mask at these places, in this order; places beyond the mask (padding) see and are seen by nobody.
 * @param heads which query heads; all where absent.
 */
export function pickMask(mask: CompiledMask, queries: Int32Array, keys: Int32Array, heads?: Int32Array): CompiledMask {
  const visible = (b: number, h: number, i: number, j: number) => {
    const [query, key] = [queries[i], keys[j]];
    return query < mask.m && key < mask.n && mask.visible(b, heads ? heads[h] : h, query, key);
  };
  const picked: CompiledMask = {
    b: mask.b,
    heads: heads ? heads.length : mask.heads,
    m: queries.length,
    n: keys.length,
    perBatch: mask.perBatch,
    perHead: mask.perHead,
    visible,
    runs: (b, h, i, out) => listRuns(keys.length, (j) => visible(b, h, i, j), out),
    area: () => areaOf(picked),
    tables: {},
  };
  return picked;
}
