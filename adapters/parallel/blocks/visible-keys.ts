import type { CompiledMask } from '../../../spec/mask/compile/compiled-mask.js';
import { type Positions, placesOf } from '../../../spec/positions.js';
import { coverageOf } from './mask-coverage.js';

/** Returns ascending indices among `keys` that some query sees in any head and batch entry. */
export function keysSeen(mask: CompiledMask, queries: readonly Positions[], keys: readonly Positions[]): Int32Array {
  return coverageOf(mask, queries).seen(placesOf(keys));
}

/** Returns ascending indices among `queries` that see some key in any head and batch entry. */
export function queriesSeeing(mask: CompiledMask, queries: readonly Positions[], keys: readonly Positions[]): Int32Array {
  // number of keys before each position
  const before = new Int32Array(mask.n + 1);
  for (const key of placesOf(keys)) if (key < mask.n) before[key + 1] = 1;
  for (let place = 0; place < mask.n; place++) before[place + 1] += before[place];
  const seeing = new Uint8Array(mask.m);
  eachRow(mask, queries, (query, runs, count) => {
    for (let x = 0; x < count; x++) if (before[runs[2 * x + 1]] > before[runs[2 * x]]) seeing[query] = 1;
  });
  return numbersWhere(placesOf(queries), (query) => seeing[query] === 1);
}

/** Visits the runs of visible keys of queries, in every head and batch entry with another mask. */
function eachRow(mask: CompiledMask, queries: readonly Positions[], visit: (query: number, runs: Int32Array, count: number) => void): void {
  const places = placesOf(queries).filter((query) => query < mask.m);
  const runs = new Int32Array(mask.n + 2);
  for (let b = 0; b < (mask.perBatch ? mask.b : 1); b++) {
    for (let h = 0; h < (mask.perHead ? mask.heads : 1); h++) {
      for (const query of places) visit(query, runs, mask.runs(b, h, query, runs));
    }
  }
}

function numbersWhere(places: Int32Array, holds: (place: number) => boolean): Int32Array {
  return Int32Array.from(places.keys()).filter((x) => holds(places[x]));
}
