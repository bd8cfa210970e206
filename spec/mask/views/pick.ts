import { areaOf } from '../compile/area.js';
import type { CompiledMask } from '../compile/compiled-mask.js';
import { listRuns } from './flip.js';

/** Rows and keys of a mask at these positions; padding beyond the mask is invisible. */
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
    runs: pickedRuns(mask, queries, keys, heads) ?? ((b, h, i, out) => listRuns(keys.length, (j) => visible(b, h, i, j), out)),
    area: () => areaOf(picked),
    tables: {},
  };
  return picked;
}

/** Most ascending stretches that are searched; with more, trying every key is as fast. */
const STRETCHES = 64;

/** Runs of picked keys by searching positions; undefined if trying every key is as fast. */
function pickedRuns(mask: CompiledMask, queries: Int32Array, keys: Int32Array, heads?: Int32Array): CompiledMask['runs'] | undefined {
  if (mask.scans?.() !== false) return undefined;
  const starts = [0];
  for (let x = 1; x < keys.length; x++) if (keys[x] <= keys[x - 1]) starts.push(x);
  if (starts.length > STRETCHES) return undefined;
  const ends = [...starts.slice(1), keys.length];
  const whole = new Int32Array(mask.n + 2);
  return (b, h, i, out) => {
    const query = queries[i];
    if (query >= mask.m) return 0;
    const count = mask.runs(b, heads ? heads[h] : h, query, whole);
    let found = 0;
    for (let stretch = 0; stretch < starts.length; stretch++) {
      let from = starts[stretch];
      for (let run = 0; run < count; run++) {
        from = firstFrom(keys, whole[2 * run], from, ends[stretch]);
        const to = firstFrom(keys, whole[2 * run + 1], from, ends[stretch]);
        if (from === to) continue;
        if (found > 0 && out[2 * found - 1] === from) out[2 * found - 1] = to;
        else [out[2 * found], out[2 * found++ + 1]] = [from, to];
        from = to;
      }
    }
    return found;
  };
}

function firstFrom(places: Int32Array, place: number, from: number, to: number): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle] < place) low = middle + 1;
    else high = middle;
  }
  return low;
}
