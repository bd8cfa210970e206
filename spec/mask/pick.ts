import { areaOf } from './area.js';
import type { CompiledMask } from './compiled-mask.js';

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
    runs(b, h, i, out) {
      let count = 0;
      let open = false;
      for (let j = 0; j < keys.length; j++) {
        const sees = visible(b, h, i, j);
        if (sees && !open) out[2 * count] = j;
        if (sees) out[2 * count + 1] = j + 1;
        else if (open) count++;
        open = sees;
      }
      return open ? count + 1 : count;
    },
    area: () => areaOf(picked),
    tables: {},
  };
  return picked;
}
